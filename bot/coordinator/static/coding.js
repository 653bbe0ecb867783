// Keys for correcting the coding. Everything here can be done by the forms and links of the page too.
"use strict";

document.documentElement.classList.add("has-script");
const form = document.getElementById("decide");
const KEPT = "lyhord-coding-keys";
const find = (selector, inside = document) => inside.querySelector(selector);
const every = (selector, inside = document) => [...inside.querySelectorAll(selector)];

// Choosing: the first key begins anew, and what it chose first is the main category.
const options = form ? find(".options", form) : null;
const boxes = form ? every('input[name="category"]', form) : [];
const radioOf = (box) => find('input[name="primary"]', box.closest(".option"));
const NOTHING = "nothing_fits";
let begun = false;
let leaving = false; // a key that is pressed while the next page comes is not meant for this one
window.addEventListener("pageshow", () => { leaving = false; });

function settle() {
  const chosen = boxes.filter((box) => box.checked);
  const main = chosen.find((box) => radioOf(box)?.checked);
  if (!main && chosen.length && radioOf(chosen[0])) radioOf(chosen[0]).checked = true;
  options.classList.toggle("one-chosen", chosen.length < 2);
}

function tick(box, checked) {
  if (checked) {
    boxes.filter((other) => (box.value === NOTHING) !== (other.value === NOTHING)).forEach((other) => { other.checked = false; });
  }
  box.checked = checked;
  settle();
}

function press(box) {
  const again = begun && box.checked;
  if (!begun) boxes.forEach((other) => { other.checked = false; });
  begun = true;
  tick(box, !again);
  box.focus({ preventScroll: true });
  box.closest(".option").scrollIntoView({ block: "nearest" });
}

if (form) {
  settle();
  boxes.forEach((box) => box.addEventListener("change", () => { begun = true; tick(box, box.checked); }));
  every('input[name="primary"]', form).forEach((radio) => radio.addEventListener("change", () => {
    tick(find('input[name="category"]', radio.closest(".option")), true);
  }));
  form.addEventListener("submit", (event) => {
    if (leaving) event.preventDefault();
    leaving = true;
  });
}

// Searching the rest of the taxonomy.
const search = document.getElementById("search");
const rest = find(".rest");
const others = every(".others .option");

function matching() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  return others.filter((option) => words.every((word) => option.dataset.search.includes(word)));
}

function sift() {
  const found = matching();
  others.forEach((option) => { option.hidden = !found.includes(option); });
  if (search.value.trim()) rest.open = true;
  const name = found.length ? find(".named", found[0]).firstChild.textContent.trim() : "";
  document.getElementById("found").textContent = !search.value.trim() ? "" : name ? `Enter: ${name}` : search.dataset.none;
}

if (search) {
  search.closest(".search").hidden = false;
  search.addEventListener("input", sift);
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    const [first] = event.key === "Enter" && search.value.trim() ? matching() : [];
    search.value = "";
    sift();
    if (first) press(find('input[name="category"]', first));
    else if (event.key === "Escape") search.blur();
  });
}

// Keys for the whole page, for those who want them: a voice or a shaking hand may press one without meaning to.
const uses = document.getElementById("use-keys");

function remembered() {
  try { return localStorage.getItem(KEPT); } catch { return null; }
}

function useKeys() {
  document.documentElement.classList.toggle("uses-keys", uses.checked);
  try { localStorage.setItem(KEPT, uses.checked ? "on" : "off"); } catch { /* then for this page alone */ }
}

document.getElementById("keys").hidden = false;
uses.checked = remembered() !== "off";
uses.addEventListener("change", useKeys);
useKeys();

const clicks = { j: nextAnswer, k: lastAnswer, n: "#next-page", b: "#first-page" };

function nextAnswer() { return find(".is-open + .answer > a"); }
function lastAnswer() {
  const before = find(".is-open")?.previousElementSibling;
  return before ? find("a", before) : null;
}

function typing(element) {
  return element.matches('input:not([type="checkbox"], [type="radio"]), textarea, select');
}

document.addEventListener("keydown", (event) => {
  if (!uses.checked || leaving || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || typing(event.target)) return;
  const key = event.key.toLowerCase();
  if (/^[0-9]$/.test(key) && form) {
    const box = find(`[data-key="${key}"] input`, form);
    if (!box) return;
    press(box);
  } else if (key === "enter" && form && !event.target.closest("a, button, summary")) {
    if (event.repeat) return;
    form.requestSubmit();
  } else if (key === "u") {
    const undo = document.getElementById("undo-last") ?? document.getElementById("undo-this");
    if (!undo || event.repeat) return;
    leaving = true;
    undo.requestSubmit();
  } else if (key === "/" && search) {
    search.focus();
  } else if (key === "w" && find(".why")) {
    find(".why").open = !find(".why").open;
  } else if (key in clicks) {
    const link = typeof clicks[key] === "string" ? find(clicks[key]) : clicks[key]();
    if (!link) return;
    leaving = true;
    link.click();
  } else return;
  event.preventDefault();
});

// The open answer has the focus, so that the next key is meant for it and a screen reader begins there.
if (location.hash === "#open") find("#open")?.focus();
