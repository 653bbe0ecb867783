// The loader: a button on a page of another site, and the chat in a frame of our own origin once it is pressed.
// Styles go through the object model, which a strict style-src allows. Nothing is stored on that site.
(() => {
  "use strict";
  const script = document.currentScript;
  const origin = new URL(script.src).origin;
  const given = (name, pattern, otherwise) => {
    const value = script.dataset[name] || "";
    return pattern.test(value) ? value : otherwise;
  };
  const round = given("round", /^[a-z0-9][a-z0-9_-]{1,39}$/, "");
  if (!round) return console.error("Lyhörd: data-round is missing or is not the code of a round");
  const language = given("lang", /^[a-z]{2,3}$/, "sv");
  const place = given("place", /^[A-ZÅÄÖ0-9]{3,12}$/i, "");
  const colour = given("colour", /^#[0-9a-f]{6}$/i, "#1f5a5a");
  const swedish = language === "sv";
  const label = given("label", /^.{1,60}$/, swedish ? "Svara på trygghetsenkäten" : "Answer the safety survey");
  const address = `${origin}/chat/${round}/${given("stream", /^[a-z]{1,20}$/, "residents")}?lang=${language}&p=${place}`;

  const make = (name, words, values) => {
    const node = document.createElement(name);
    node.textContent = words;
    for (const key in values) node.setAttribute(key, values[key]);
    return node;
  };
  const home = make("div", "");
  if (!home.attachShadow || !document.adoptedStyleSheets || !window.HTMLDialogElement) {
    home.append(make("a", label, { href: address })); // an old browser: the page itself
    return document.body.append(home);
  }

  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
:host{all:initial;display:block;height:5rem;font:1rem/1.4 system-ui,sans-serif;overflow-wrap:anywhere}
button{font:inherit;font-weight:600;min-height:48px;padding:.6rem 1.2rem;border-radius:.75rem;border:2px solid #fff;background:${colour};color:#fff;cursor:pointer}
button:focus-visible{outline:3px solid #b45309;outline-offset:2px;box-shadow:0 0 0 5px #fff}
.open{position:fixed;z-index:2147483000;bottom:1rem;inset-inline-end:1rem;max-width:calc(100% - 2rem)}
dialog{position:fixed;inset-block:auto 1rem;inset-inline:auto 1rem;width:min(30rem,100% - 2rem);height:min(46rem,100% - 2rem,var(--px,46rem) + 4rem);max-width:none;max-height:none;box-sizing:border-box;margin:0;padding:0;border:1px solid #767f88;border-radius:1rem;overflow:hidden;background:#f5f3ee}
dialog[open]{display:flex;flex-direction:column}
dialog::backdrop{background:rgb(0 0 0/.45)}
.top{display:flex;gap:1rem;align-items:center;justify-content:space-between;padding:.4rem .4rem .4rem 1rem;background:${colour};color:#fff}
.top button{flex:none}
h2{margin:0;font:inherit;font-weight:600}
iframe{flex:1;width:100%;min-height:0;border:0}
@media(max-width:34rem),(max-height:30rem){dialog{inset:0;width:100%;height:100%;border:0;border-radius:0}}
@media(max-height:25rem){:host{height:auto}.open{position:static;margin:1rem}}
@media print{:host{display:none}}`);
  const shadow = home.attachShadow({ mode: "open" });
  shadow.adoptedStyleSheets = [sheet];

  const opener = make("button", label, { class: "open", type: "button", "aria-haspopup": "dialog", lang: language });
  const dialog = make("dialog", "", { "aria-labelledby": "name", lang: language });
  const closer = make("button", swedish ? "Stäng" : "Close", { type: "button" });
  const top = make("div", "", { class: "top" });
  top.append(make("h2", label, { id: "name" }), closer);
  dialog.append(top);
  let frame;
  const tell = () => frame.contentWindow.postMessage({ lyhord: "opened" }, origin);

  opener.addEventListener("click", () => {
    if (frame) tell();
    else {
      frame = make("iframe", "", {
        title: label,
        sandbox: "allow-scripts allow-forms allow-same-origin allow-popups allow-popups-to-escape-sandbox " +
          "allow-modals allow-top-navigation-by-user-activation",
        src: `${address}&frame=1`,
      });
      frame.addEventListener("load", tell);
      dialog.append(frame);
    }
    dialog.showModal(); // Esc closes it, and the focus goes back, as the browser does for every dialogue
  });
  closer.addEventListener("click", () => dialog.close());
  addEventListener("message", (event) => {
    if (!frame || event.origin !== origin || event.source !== frame.contentWindow) return;
    if (event.data.lyhord === "close") dialog.close();
    if (event.data.px > 0) dialog.style.setProperty("--px", `${+event.data.px}px`);
  });
  shadow.append(opener, dialog);
  document.body.append(home);
})();
