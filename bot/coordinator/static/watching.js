// Renews the figures of a round once a minute. What has not changed is left alone, so that nothing flickers, and so is the part that holds
// the reader's focus. It rests when nobody has touched the page for a quarter of an hour: being signed in shall end by itself.
(() => {
  "use strict";
  const EVERY_MS = 60000;
  const REST_AFTER_MS = 15 * 60000;
  const here = document.getElementById("renewing");
  const figures = document.getElementById("figures");
  const button = here.querySelector("button");
  const status = here.querySelector("[role=status]");
  let touchedAt = Date.now();
  let isPaused = false;

  const parts = (root) => new Map([...root.querySelectorAll(":scope > [data-part]")].map((part) => [part.dataset.part, part]));

  function replace(html) {
    const fresh = new DOMParser().parseFromString(html, "text/html").body;
    const shown = parts(figures);
    const come = parts(fresh);
    if ([...shown.keys()].join() !== [...come.keys()].join()) {
      figures.replaceChildren(...fresh.childNodes);
      return;
    }
    for (const [name, part] of come) {
      const old = shown.get(name);
      if (old.innerHTML !== part.innerHTML && !old.contains(document.activeElement)) old.replaceWith(part);
    }
  }

  function pause(sentence) {
    isPaused = true;
    button.textContent = button.dataset.goOn;
    status.textContent = sentence;
  }

  async function renew() {
    try {
      const answer = await fetch(here.dataset.address, { credentials: "same-origin", cache: "no-store" });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      replace(await answer.text());
      status.textContent = here.dataset.renewed + " " + new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    } catch {
      pause(here.dataset.failed);
    }
  }

  function tick() {
    if (isPaused || document.hidden) return;
    if (Date.now() - touchedAt > REST_AFTER_MS) pause(here.dataset.resting);
    else renew();
  }

  for (const kind of ["pointerdown", "keydown", "scroll"]) {
    addEventListener(kind, () => { touchedAt = Date.now(); }, { passive: true });
  }
  button.hidden = false;
  button.addEventListener("click", () => {
    if (isPaused) {
      isPaused = false;
      button.textContent = button.dataset.pause;
      status.textContent = "";
      renew();
    } else {
      pause(here.dataset.resting);
    }
  });
  setInterval(tick, EVERY_MS);
})();
