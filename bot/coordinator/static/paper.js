// Typing in paper forms by keyboard: numbers tick boxes, Enter goes to the next question, Ctrl+Enter saves.
// Without this script the same form works with Tab, Space and the button.
(() => {
  "use strict";
  const form = document.getElementById("paper");
  if (!form) return;
  const questions = [...form.querySelectorAll(".asked")];
  const fields = (question) => [...question.querySelectorAll("input, textarea")];
  const TWO_DIGITS_MS = 800;
  let typed = "", typedAt = 0, typedIn = null, isSent = false;

  // The boxes of a question that takes several are one stop for Tab; arrows go between them.
  for (const question of questions.filter((q) => q.dataset.widget === "several")) {
    const boxes = fields(question);
    boxes.forEach((box, at) => {
      box.tabIndex = at ? -1 : 0;
      box.addEventListener("focus", () => boxes.forEach((other) => { other.tabIndex = other === box ? 0 : -1; }));
      box.addEventListener("keydown", (event) => {
        const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        boxes[(at + step + boxes.length) % boxes.length].focus();
      });
    });
  }

  function enter(question) {
    const all = fields(question);
    const first = all.find((field) => field.checked) || all[0];
    first.focus();
    question.scrollIntoView({ block: "nearest" });
  }

  function goOn(from, step) {
    const next = questions[questions.indexOf(from) + step];
    if (next) enter(next);
    else if (step > 0) form.querySelector(".send button").focus();
  }

  function keyed(question, key) {
    const find = (text) => question.querySelector(`input[data-key="${CSS.escape(text)}"]`);
    const isSoon = typedIn === question && performance.now() - typedAt < TWO_DIGITS_MS;
    const both = isSoon ? find(typed + key) : null;
    const box = both || find(key);
    if (!box) return false;
    if (both && question.dataset.widget === "several") { const before = find(typed); if (before) before.checked = false; }
    [typed, typedAt, typedIn] = [both ? typed + key : key, performance.now(), question];
    box.checked = !box.checked;
    box.focus();
    return true;
  }

  form.addEventListener("keydown", (event) => {
    const question = event.target.closest(".asked");
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Enter" && event.target.tagName !== "BUTTON") {
      if (event.shiftKey && event.target.tagName === "TEXTAREA") return;
      event.preventDefault();
      if (question) goOn(question, event.shiftKey ? -1 : 1);
      else enter(questions[0]);
      return;
    }
    const isBox = question && (event.target.type === "radio" || event.target.type === "checkbox");
    if (!isBox) return;
    if (event.key === "Backspace" || event.key === "Delete") {
      for (const field of fields(question)) if (field.type !== "text") field.checked = false;
      event.preventDefault();
    } else if (event.key.length === 1 && keyed(question, event.key.toUpperCase())) event.preventDefault();
  });

  // A second press while the form is on its way would only be refused as the same form: do not confuse whoever types.
  form.addEventListener("submit", (event) => {
    if (isSent) event.preventDefault();
    isSent = true;
  });
  addEventListener("pageshow", () => { isSent = false; });

  const faulty = form.querySelector("[aria-invalid], .asked:has(.fault) input");
  const place = form.elements.place_code;
  if (faulty) faulty.focus();
  else if (place.value) enter(questions[0]);
  else place.focus();
})();
