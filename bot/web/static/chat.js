// The same questions as a conversation on one page. Takes over the page to begin on; where it cannot, the page's own
// forms go on working. What people and authors write goes in as text, never as markup. Nothing is kept on the device
// before Start; then the token alone, in this window.
"use strict";

(() => {
  const main = document.getElementById("content");
  const begin = document.getElementById("start");
  const words = JSON.parse(document.getElementById("words").textContent);
  const { round, stream, name } = main.dataset;
  const api = `/api/chat/${encodeURIComponent(round)}`;
  const key = `lyhord:${round}:${stream}`;
  const isFramed = window.parent !== window;
  const SAFE_PLACE = "https://www.1177.se";
  const WITHOUT_ANSWERS = ["erased", "under_age"];
  const PAUSES_S = [2, 4, 8, 16, 32, 60];

  let token = null;
  let language = document.documentElement.lang;
  let view = null; // where the conversation stands, as the server told last
  let mayLeave = false; // a reply S3-S5 was shown
  let changing = null; // the question that is asked again because its answer is to be changed
  let log, notice, panel;

  // --- what the window remembers -----------------------------------------------------------------------------------

  function remember(value) {
    token = value;
    try {
      if (value) sessionStorage.setItem(key, value);
      else sessionStorage.removeItem(key);
    } catch { /* forbidden in frames of other sites: the page itself remembers */ }
  }

  function remembered() {
    try {
      return { value: sessionStorage.getItem(key), isForbidden: false };
    } catch {
      return { value: null, isForbidden: true };
    }
  }

  // --- making things -----------------------------------------------------------------------------------------------

  function make(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [attribute, value] of Object.entries(attributes)) {
      if (attribute === "onclick") node.addEventListener("click", value);
      else if (value !== false && value != null) node.setAttribute(attribute, value === true ? "" : value);
    }
    node.append(...children.filter((child) => child != null && child !== "")); // strings become text, whatever is in them
    return node;
  }

  function say(wording, values = {}) {
    return words[language][wording].replace(/\{(\w+)\}/g, (_, field) => values[field]);
  }

  // An element with our own words in it; they may be in another language than the survey.
  function told(tag, wording, attributes = {}, values = {}) {
    const own = words[language].words_in;
    return make(tag, own === language ? attributes : { ...attributes, lang: own, dir: "auto" }, say(wording, values));
  }

  // The hyphen of a telephone number is no place to break the line.
  const unbroken = (text) => text.replace(/(\d)-(?=\d)/g, "$1-\u2060");
  const hidden = (wording) => make("span", { class: "unseen", lang: words[language].words_in }, `${say(wording)} `);
  const spoken = () => ({ lang: view.language, dir: view.direction });
  const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

  // --- sending: one message at a time, the same one until it is answered ---------------------------------------------

  let pending = null;

  function send(path, body, then) {
    if (pending) return pending.isWaiting ? attempt() : undefined; // pressed twice; or pressed again while it waits
    pending = { path, body, then, tries: 0 };
    panel.setAttribute("aria-busy", "true");
    attempt();
  }

  function giveUp() {
    clearTimeout(pending?.timer);
    pending = null;
  }

  async function attempt() {
    const message = pending;
    clearTimeout(message.timer);
    message.isWaiting = false;
    const answer = await request(message.path, message.body);
    if (pending !== message) return; // left meanwhile
    if (answer.status === 0 || answer.status === 429 || answer.status >= 500) return tryLater(message, answer);
    pending = null;
    panel.removeAttribute("aria-busy");
    notice.replaceChildren();
    if (answer.status === 401 || answer.status === 404) drawGone(answer.document?.heard?.safeguard);
    else if (answer.status >= 400) notice.append(told("p", answer.document?.error?.code === "wrong_code" ? "code_wrong" : "not_taken"));
    else message.then(answer.document);
  }

  async function request(path, body) {
    const headers = token ? { Authorization: `Bearer ${token}` } : {};
    if (body) headers["Content-Type"] = "application/json";
    try {
      const response = await fetch(api + path, {
        method: body ? "POST" : "GET",
        headers,
        body: body ? JSON.stringify(body) : undefined,
        credentials: "omit",
        cache: "no-store",
        signal: AbortSignal.timeout?.(15_000),
      });
      const pause = Number(response.headers.get("Retry-After")) || 0;
      return { status: response.status, pause, document: await response.json() };
    } catch {
      return { status: 0, pause: 0 }; // no answer, or none of ours: it may have been taken all the same
    }
  }

  function tryLater(message, { status, pause }) {
    const next = PAUSES_S[Math.min(message.tries, PAUSES_S.length - 1)];
    message.tries += 1;
    message.isWaiting = true;
    message.timer = setTimeout(attempt, Math.max(next, Math.min(pause, 600)) * 1000);
    const wording = status === 0 ? "no_contact" : status === 429 ? "in_a_rush" : "cannot_save";
    if (notice.dataset.wording !== wording || !notice.firstChild) {
      notice.dataset.wording = wording;
      notice.replaceChildren(
        told("p", wording),
        told("button", "try_now", { type: "button", onclick: () => pending?.isWaiting && attempt() }),
      );
    }
  }

  window.addEventListener("online", () => pending?.isWaiting && attempt());

  function act(action, more = {}, answered = null) {
    const question = view.asked ? view.asked.shown : null;
    const body = { message_id: newId(), question, action, choices: [], text: "", language, ...more };
    send("/messages", body, (next) => take(next, answered));
  }

  // --- where the conversation stands ---------------------------------------------------------------------------------

  // `answered` is what was just said: it goes into the log by itself where the conversation went one step on.
  async function take(next, answered = null) {
    const before = view;
    view = next;
    const draft = before && before.asked && next.asked && before.asked.shown === next.asked.shown ? drafted() : null;
    language = next.language in words ? next.language : language;
    if (next.asked?.shown !== changing) changing = null;
    if (WITHOUT_ANSWERS.includes(next.status)) forget();
    else await keepLog(before, answered);
    mayLeave = mayLeave || next.heard.may_leave_quickly;
    draw(draft);
  }

  async function keepLog(before, answered) {
    const { asked, heard, transcript } = view;
    if (transcript) drawLog(transcript);
    else if (isOneStepOn(answered)) addTurn({ ...answered, may_change: true });
    else if (heard.is_left_behind || !asked || (before?.asked && before.asked.shown !== asked.shown && !heard.safeguard)) {
      const answer = await request("/conversation");
      if (answer.document?.transcript) drawLog(answer.document.transcript);
    }
    if (asked) document.getElementById(`q-${asked.shown}`)?.parentNode.remove(); // it is asked again below
    if (asked) heard.texts.forEach((text) => log.append(make("p", { class: "note", ...spoken() }, text)));
  }

  function isOneStepOn(answered) {
    const { asked, heard } = view;
    return answered && asked && !heard.is_left_behind && !heard.safeguard && asked.number === answered.number + 1;
  }

  function forget() {
    remember(null);
    log.replaceChildren();
  }

  function leave(event) {
    event.preventDefault();
    giveUp();
    forget();
    document.documentElement.replaceChildren(make("head"), make("body"));
    (isFramed ? window.top : window).location.replace(SAFE_PLACE);
  }

  // --- the log -------------------------------------------------------------------------------------------------------

  function drawLog(transcript) {
    log.setAttribute("aria-live", "off"); // what was said already is not announced again
    log.replaceChildren();
    transcript.forEach(addTurn);
    setTimeout(() => log.removeAttribute("aria-live"), 500);
  }

  function addTurn({ shown, label, answer, may_change: mayChange, language: said = view.language }) {
    const id = `q-${shown}`;
    const change = told("button", "change", { type: "button", class: "quiet", "aria-describedby": id });
    change.addEventListener("click", () => {
      changing = shown;
      act("change", { question: shown });
    });
    const direction = words[said] ? words[said].direction : view.direction;
    log.append(make("div", { class: "turn", lang: said, dir: direction },
      make("p", { class: "theirs", id }, hidden("question_was"), label),
      make("div", { class: "own" },
        make("p", { class: "mine", dir: "auto" }, hidden("you_answered"), answer),
        mayChange ? change : null)));
  }

  // --- the panel: the question that waits, or what there is to say ------------------------------------------------------

  function draw(draft) {
    document.documentElement.lang = view.language;
    document.documentElement.dir = view.direction;
    for (const line of document.querySelectorAll("footer p")) line.hidden = line.lang !== words[language].words_in;
    drawLanguages();
    main.querySelector("h1").textContent = words[language].title;
    document.getElementById("log-name").textContent = say("conversation");
    log.parentNode.hidden = !log.firstChild;
    if (view.asked && view.status === "waiting") drawWaiting();
    else if (view.asked) drawQuestion(view.asked, draft);
    else drawEnd();
  }

  // The focus goes to what is new, never to the log.
  function show(heading, focused, ...parts) {
    const way = mayLeave ? told("a", "leave_quickly", { class: "leave", href: SAFE_PLACE, target: "_top", rel: "noreferrer nofollow", onclick: leave }) : null;
    panel.replaceChildren(...[way, ...parts].filter(Boolean));
    document.title = `${heading} – ${name}`;
    focused.focus({ preventScroll: true });
    (way || panel).scrollIntoView({ block: "start" });
  }

  function drawWaiting() {
    const { safeguard, is_left_behind: isLeftBehind } = view.heard;
    const wording = safeguard ? "read_first" : "survey_waits";
    const heading = told("h2", wording, { tabindex: -1, "aria-describedby": safeguard ? "safeguard" : null });
    show(say(wording), heading, heading,
      isLeftBehind ? told("p", "left_behind", { class: "note" }) : null,
      safeguard ? make("p", { class: "safeguard", id: "safeguard", ...spoken() }, unbroken(safeguard)) : null,
      make("div", { class: "buttons" },
        safeguard ? told("a", "phone_112", { class: "main", href: "tel:112" }) : null,
        told("button", "continue", { type: "button", class: safeguard ? null : "main", onclick: () => act("continue") })),
      erasing("erase"));
  }

  function drawQuestion(asked, draft) {
    const { error, safeguard } = view.heard;
    const heading = make("h2", { tabindex: -1, ...spoken() });
    const form = make("form", { class: "question", autocomplete: "off", novalidate: true },
      told("p", "progress", { class: "progress" }, asked),
      make("progress", { max: asked.of, value: asked.number, "aria-hidden": "true" }),
      asked.options.length ? choosing(asked, heading, draft) : writing(asked, heading, draft),
      otherWays(asked));
    form.addEventListener("submit", (event) => { event.preventDefault(); answer(form, asked); });
    show((error ? `${say("error")}: ` : "") + asked.label, asked.options.length ? heading : form.querySelector("#text"),
      safeguard ? make("p", { class: "safeguard", ...spoken() }, safeguard) : null,
      view.heard.is_left_behind ? told("p", "left_behind", { class: "note", role: "status" }) : null,
      form, view.by_phone && make("button", { class: "quiet", lang: words[language].words_in, onclick: byPhone }, view.by_phone), erasing("erase"));
    if (error) showError(form, error);
  }

  // A page shows the code that needs no script. The form to begin with takes us there.
  function byPhone() {
    begin.append(make("input", { name: "token", value: token }), make("input", { name: "action", value: "phone" }));
    main.append(begin);
    begin.submit();
  }

  function choosing(asked, heading, draft) {
    heading.append(asked.label);
    const isSeveral = asked.widget === "several";
    const chosen = (option) => (draft ? draft.choices.includes(option.value) : option.is_chosen);
    const box = (option) => make("label", { class: "choice" },
      make("input", { type: "checkbox", name: "choice", value: option.value, checked: chosen(option) }),
      make("span", spoken(), option.label));
    const button = (option) => make("button", {
      type: "button", class: option.is_chosen ? "choice chosen" : "choice", ...spoken(),
      onclick: (event) => event.detail < 2 && give(asked, [option], ""), // the second of two clicks meant the question before
    }, option.label, option.is_chosen ? hidden("chosen_now") : null);
    return make("fieldset", {},
      make("legend", {}, heading),
      hint(asked),
      make("div", { class: "choices" }, ...asked.options.map(isSeveral ? box : button)),
      told("label", asked.widget === "area" ? "other_area" : "or_write", { class: "field", for: "text" }),
      make("div", { class: "composer" }, field(asked, draft), sendButton(isSeveral)));
  }

  function writing(asked, heading, draft) {
    heading.removeAttribute("tabindex");
    heading.append(make("label", { for: "text" }, asked.label));
    const isLong = asked.widget === "long";
    const text = field(asked, draft);
    return make("div", {}, heading, hint(asked), text,
      isLong ? told("p", "no_names", { class: "small" }) : null,
      isLong ? counter(text, asked.most) : null,
      make("div", { class: "buttons" }, sendButton(true)));
  }

  const sendButton = (isMain) => told("button", "send", { class: isMain ? "main" : null });

  const hint = (asked) => (asked.hint ? make("p", { id: "hint", class: "hint", ...spoken() }, asked.hint) : null);

  function field(asked, draft) {
    const isLong = asked.widget === "long";
    const text = make(isLong ? "textarea" : "input", {
      id: "text", name: "text", maxlength: asked.most || 200, autocomplete: "off", dir: "auto", rows: isLong ? 5 : null,
      inputmode: asked.is_number ? "numeric" : null, "aria-describedby": asked.hint ? "hint" : null,
    });
    text.value = draft ? draft.text : asked.text;
    return text;
  }

  // Seen at once, spoken when the typing pauses and little is left.
  function counter(text, most) {
    const seen = make("span", { "aria-hidden": "true" });
    const heard = make("span", { class: "unseen", role: "status" });
    let timer;
    const count = () => {
      const left = say("left", { n: (most - text.value.length).toLocaleString(words[language].words_in) });
      seen.textContent = left;
      clearTimeout(timer);
      timer = setTimeout(() => { heard.textContent = most - text.value.length <= 200 ? left : ""; }, 1000);
    };
    text.addEventListener("input", count);
    count();
    return make("p", { class: "small" }, seen, heard);
  }

  function otherWays(asked) {
    const way = (wording, attributes = {}) => told("button", wording, {
      type: "button", ...attributes, onclick: (event) => event.detail < 2 && act(wording, {}, saidOf(asked, say(wording))),
    });
    return make("div", { class: "buttons", role: "group", "aria-label": say("other_ways") },
      changing ? told("button", "keep_answer", { type: "button", onclick: () => act("continue") }) : null,
      ...(asked.is_refusable ? [way("refuse")] : [way("dont_know"), way("skip")]),
      asked.number > 1 ? way("back", { class: "quiet" }) : null);
  }

  // --- answering -------------------------------------------------------------------------------------------------------

  const saidOf = ({ shown, label, number }, words) => ({ shown, label, number, answer: words, language: view.language });

  function drafted() {
    const text = panel.querySelector("#text");
    const choices = Array.from(panel.querySelectorAll("input:checked"), (box) => box.value);
    return text ? { text: text.value, choices } : null;
  }

  function answer(form, asked) {
    const { text, choices } = drafted();
    const written = text.trim();
    if (!written && !choices.length) {
      const what = asked.options.length ? "empty_choice" : "empty_text";
      return showError(form, say(asked.is_refusable ? "empty_refusable" : what));
    }
    give(asked, asked.options.filter((option) => choices.includes(option.value)), written);
  }

  // Ticked and written is one answer: both are sent as one would write them.
  function give(asked, options, written) {
    const values = options.map((option) => option.value);
    const said = [...options.map((option) => option.label), written].filter(Boolean).join(", ");
    const body = written ? { text: [...values, written].join(", ") } : { choices: values };
    act("answer", body, saidOf(asked, said));
  }

  function showError(form, sentence) {
    const text = form.querySelector("#text");
    const error = make("p", { id: "error", class: "error" }, told("strong", "error"), `: ${sentence}`);
    const at = form.querySelector("#error") || form.querySelector("#hint");
    if (at?.id === "error") at.replaceWith(error);
    else (form.querySelector(".choices") || text).before(error);
    const fields = [text, ...form.querySelectorAll("input[type=checkbox]")];
    fields.forEach((input) => input.setAttribute("aria-describedby", form.querySelector("#hint") ? "error hint" : "error"));
    text.setAttribute("aria-invalid", "true");
    (form.querySelector("input[type=checkbox]") || text).focus();
    error.scrollIntoView({ block: "nearest" });
  }

  // --- the ends ----------------------------------------------------------------------------------------------------------

  function drawEnd() {
    const { status, heard } = view;
    const wording = { finished: "done", erased: "erased" }[status] || "over";
    const heading = told("h2", wording, { tabindex: -1 });
    const texts = heard.texts.map((text) => make("p", { class: "lead", ...spoken() }, text));
    show(say(wording), heading, heading,
      heard.safeguard ? make("p", { class: "safeguard", ...spoken() }, heard.safeguard) : null,
      ...texts,
      texts.length || heard.safeguard || status !== "finished" ? null : told("p", "saved", { class: "lead" }),
      log.firstChild ? told("button", "print", { type: "button", onclick: () => window.print() }) : null,
      view.may_erase ? erasing("erase_after", "erase_here_only") : null,
      make("p", { class: "again" }, told("button", "another_person", { type: "button", class: "quiet", onclick: startOver })));
  }

  function drawGone(safeguard) {
    if (!log) takeOver();
    forget();
    log.parentNode.hidden = true;
    const heading = told("h2", "expired", { tabindex: -1 });
    show(say("expired"), heading, heading,
      safeguard ? make("p", { class: "safeguard" }, safeguard) : null, // help is given to anybody
      told("p", "expired_explained", { class: "lead" }),
      told("button", "start_again", { type: "button", class: "main", onclick: startOver }));
  }

  function erasing(wording, more) {
    return make("details", { class: "erase" }, told("summary", wording),
      make("div", {},
        told("p", "erase_explained"), more ? told("p", more) : null,
        told("button", "erase_now", { type: "button", class: "danger", onclick: erase })));
  }

  function erase() {
    if (pending?.isWaiting) giveUp(); // what has not come through is not wanted any more
    act("erase");
  }

  function startOver() {
    remember(null);
    window.location.reload();
  }

  function drawLanguages() {
    const others = view.asked ? Object.keys(words).filter((code) => code !== language) : [];
    const buttons = others.map((code) => make("button", { type: "button", class: "quiet", lang: code, onclick: () => act("language", { language: code }) }, words[code].name));
    const group = make("div", { class: "languages", role: "group", "aria-label": say("language"), hidden: !buttons.length }, ...buttons);
    const old = document.querySelector("header .languages");
    if (old) old.replaceWith(group);
  }

  // --- taking over -------------------------------------------------------------------------------------------------------

  function takeOver() {
    log = make("div", { role: "log", "aria-labelledby": "log-name" });
    notice = make("div", { class: "notice", role: "alert" });
    panel = make("div", { class: "panel" });
    const heading = make("h1", { class: "title" }, words[language].title);
    main.replaceChildren(heading,
      make("section", { class: "said", hidden: true }, told("h2", "conversation", { id: "log-name" }), log),
      panel, notice);
    document.body.classList.add("chat");
  }

  function start(event) {
    const [action, code] = (event.submitter?.value || "").split(".");
    if (action !== "start" || !(code in words)) return; // the page's own form takes it
    event.preventDefault();
    const body = { ...Object.fromEntries(new FormData(begin)), language: code, waited_ms: Math.round(performance.now()) };
    if (!notice) startNotice();
    language = code;
    send(`/${stream}/conversations`, body, (begun) => {
      remember(begun.token);
      takeOver();
      take(begun.view);
    });
  }

  // Until Start is answered the page stays as it is, with room for what may go wrong.
  function startNotice() {
    notice = make("div", { class: "notice", role: "alert" });
    panel = begin;
    main.append(notice);
  }

  function resume(value) {
    token = value;
    takeOver();
    panel.append(told("p", "fetching", { class: "hint", role: "status" }));
    send("/conversation", null, (found) => take(found));
  }

  function offerOwnWindow() {
    const address = new URL(window.location.href);
    address.searchParams.delete("frame");
    begin.prepend(make("div", { class: "note" }, told("p", "memory_only"),
      told("a", "own_window", { href: address.href, target: "_blank", rel: "noopener" })));
  }

  // --- in a frame: its height, and Esc; only to the page that showed it -------------------------------------------------

  function listenToThePageAround() {
    let site = null;
    const tell = (message) => site && window.parent.postMessage(message, site);
    const height = () => tell({ lyhord: "height", px: Math.ceil(document.body.getBoundingClientRect().height) });
    window.addEventListener("message", (event) => {
      if (event.source !== window.parent || event.data?.lyhord !== "opened") return;
      site = event.origin;
      height();
    });
    window.addEventListener("keydown", (event) => {
      if (event.key === "Escape") tell({ lyhord: "close" });
    });
    new ResizeObserver(height).observe(document.body);
  }

  const { value, isForbidden } = remembered();
  begin.addEventListener("submit", start);
  if (isFramed) listenToThePageAround();
  if (isFramed && isForbidden) offerOwnWindow();
  if (value) resume(value);
})();
