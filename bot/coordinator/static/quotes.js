// Ticking the first answer puts its words into the text, for as long as nobody has written there.
const form = document.getElementById("quoting");
if (form) {
  const text = document.getElementById("text");
  let ours = "";
  form.addEventListener("change", (event) => {
    if (event.target.name !== "answer") return;
    const ticked = form.querySelectorAll("input[name=answer]:checked");
    if (text.value.trim() !== ours) return;
    ours = ticked.length === 1 ? ticked[0].closest("label").querySelector(".said").textContent : "";
    text.value = ours;
  });
}
