// Buttons that copy the text of a field. Without this script they are not there, and the text can be marked by hand.
for (const button of document.querySelectorAll(".copy")) {
  const words = button.textContent, field = document.getElementById(button.dataset.of);
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    field.select();
    await navigator.clipboard.writeText(field.value);
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = words; }, 2000);
  });
}
