// The phone: what is written goes to the demonstration, which signs it and posts it to the real webhook.
"use strict";

const thread = document.getElementById("thread");
const compose = document.getElementById("compose");
const text = document.getElementById("text");
const sender = document.getElementById("sender");
const crowdButton = document.getElementById("crowd");

function show(kind, words) {
  const bubble = document.createElement("p");
  bubble.className = kind;
  bubble.textContent = words;
  thread.append(bubble);
  thread.scrollTop = thread.scrollHeight;
}

async function post(address, body) {
  const response = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  return response.json();
}

async function send(words) {
  show("mine", words);
  try {
    const answer = await post(compose.dataset.send, { sender: sender.value.trim(), text: words });
    (answer.replies || []).forEach((reply) => show("theirs", reply));
    if (answer.error) show("note", answer.error);
    else if (answer.replies && answer.replies.length === 0) show("note", "Inget svar skickas.");
  } catch {
    show("note", "Det gick inte att skicka. Kontrollera numret och att programmet är igång.");
  }
}

compose.addEventListener("submit", (event) => {
  event.preventDefault();
  const words = text.value;
  if (!words.trim()) return;
  text.value = "";
  send(words);
  text.focus();
});

text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    compose.requestSubmit();
  }
});

document.querySelectorAll("[data-text]").forEach((button) =>
  button.addEventListener("click", () => send(button.dataset.text)));

// Numbers that are set aside for fiction: +46701740605 to +46701740699.
document.getElementById("new-phone").addEventListener("click", () => {
  const last = Number(sender.value.slice(-2)) || 4;
  sender.value = "+467017406" + String(last >= 99 ? 5 : last + 1).padStart(2, "0");
  thread.replaceChildren();
  show("note", "Ny telefon: " + sender.value);
});

function showProgress(progress) {
  if (!progress.people) return false;
  crowdButton.disabled = true;
  document.getElementById("crowd-progress").hidden = false;
  document.getElementById("crowd-bar").value = (100 * progress.done) / progress.people;
  const told = `${progress.done} av ${progress.people} har svarat, ${progress.messages} sms.`;
  const end = progress.error ? ` Det stannade: ${progress.error}.` : progress.is_running ? "" : " Klart.";
  document.getElementById("crowd-text").textContent = told + end;
  return progress.is_running;
}

async function watch() {
  const progress = await (await fetch(compose.dataset.crowd)).json();
  if (showProgress(progress)) setTimeout(watch, 700);
}

crowdButton.addEventListener("click", async () => {
  crowdButton.disabled = true;
  await post(compose.dataset.crowd, {});
  watch();
});

watch();
show("note", "Skriv TRYGG för att börja.");
