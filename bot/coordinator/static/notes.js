// The note-taker's form. Everything that is noted is stored on the device first (IndexedDB), and goes from there only
// once the server has said that it has it. See docs/decisions/0021-notes-on-the-device.md.
(() => {
  "use strict";
  const words = JSON.parse(document.getElementById("words").textContent);
  const by = (id) => document.getElementById(id);
  const DATABASE = "lyhord-notes", LOCK = "lyhord-notes";
  const PATIENCE_MS = 15000, SOONEST_MS = 4000, LATEST_MS = 60000;

  let db, setup = null, sitting = null, draft = {}, notes = [], alerts = [];
  let token = null, standing = "starting", isSending = false, isSaving = false, isWiped = false, failures = 0, timer = 0;
  let shows = "";

  const newId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const account = () => (setup ? setup.account : "");
  const round = () => setup && setup.rounds.find((one) => one.code === (sitting ? sitting.round : by("round").value));
  const mine = () => notes.filter((note) => note.account === account());
  const waiting = () => mine().filter((note) => !note.refused);

  // --- the device ---------------------------------------------------------------------------------------------------

  function open() {
    return new Promise((resolve, reject) => {
      const request = indexedDB.open(DATABASE, 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore("kept");
        request.result.createObjectStore("notes", { keyPath: "id" });
      };
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }

  // All of `body` or nothing of it, on the disk when the promise is kept.
  function work(body) {
    return new Promise((resolve, reject) => {
      const transaction = db.transaction(["kept", "notes"], "readwrite", { durability: "strict" });
      transaction.oncomplete = () => resolve();
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
      body(transaction.objectStore("kept"), transaction.objectStore("notes"));
    });
  }

  function look(store, name) {
    return new Promise((resolve, reject) => {
      const request = name === undefined ? db.transaction(store).objectStore(store).getAll() : db.transaction(store).objectStore(store).get(name);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }

  async function load() {
    setup = setup || (await look("kept", "setup")) || null;
    sitting = (await look("kept", `sitting ${account()}`)) || null;
    draft = (await look("kept", `draft ${account()}`)) || {};
    alerts = (await look("kept", "alerts")) || [];
    notes = (await look("notes")).sort((one, other) => one.seq - other.seq);
  }

  const keepDraft = () => work((kept) => kept.put(draft, `draft ${account()}`)).catch(cannotStore);

  function cannotStore() {
    tell(words.status_no_storage, "wrong");
  }

  // --- what is noted ------------------------------------------------------------------------------------------------

  async function begin() {
    const before = readAll(round().before, by("before"));
    if (before === null) return;
    const meeting = by("meeting");
    sitting = {
      id: newId(), round: by("round").value, meeting: meeting.value, name: meeting.selectedOptions[0].textContent,
      language: round().language, before, group: by("group").value, count: 0, isEnding: false,
    };
    draft = {};
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
    await work((kept) => { kept.put(sitting, `sitting ${account()}`); kept.delete(`draft ${account()}`); }).then(render, cannotStore);
  }

  function noteOf(answers, isEnd, label) {
    const last = notes.length ? notes[notes.length - 1].seq : 0;
    return {
      id: newId(), seq: Math.max(Date.now(), last + 1), account: account(), sitting: sitting.id, round: sitting.round,
      meeting: sitting.meeting, language: sitting.language, is_end: isEnd, answers, label, tries: 0, refused: "",
    };
  }

  async function savePoint() {
    const asked = round().point, answers = readAll(asked, by("questions"));
    const core = asked.find((question) => question.is_core);
    if (answers === null) return;
    if (!answers[core.name] || !answers[core.name].text) {
      by("point-fault").textContent = words.point_missing;
      by("questions").querySelector(`[name="${core.name}"]`).focus();
      return;
    }
    const note = noteOf({ ...sitting.before, ...answers }, false, answers[core.name].text.slice(0, 80));
    const next = { ...sitting, count: sitting.count + 1 };
    await work((kept, store) => { store.put(note); kept.put(next, `sitting ${account()}`); kept.delete(`draft ${account()}`); });
    notes.push(note);
    [sitting, draft, shows] = [next, {}, ""];
    by("point-fault").textContent = "";
    render();
    by("questions").querySelector("textarea").focus();
    send();
  }

  async function end() {
    const answers = readAll([...round().before, ...round().end], by("end-questions"));
    if (answers === null) return;
    const note = noteOf(answers, true, words.waiting_end);
    const hasPoints = sitting.count > 0;
    await work((kept, store) => {
      if (hasPoints) store.put(note);
      kept.delete(`sitting ${account()}`);
      kept.delete(`draft ${account()}`);
    });
    if (hasPoints) notes.push(note);
    [sitting, draft, shows] = [null, {}, ""];
    render();
    by("start").querySelector("select").focus();
    send();
  }

  // Only what has never been on its way can be taken back: anything else may be on the server already.
  const mayTakeBack = (note) => note.tries === 0 || note.refused;

  async function takeBack(note, toChange) {
    const next = sitting && sitting.id === note.sitting && !note.is_end ? { ...sitting, count: sitting.count - 1 } : sitting;
    const kept_draft = toChange ? { point: note.answers } : draft;
    await work((kept, store) => {
      store.delete(note.id);
      if (next) kept.put(next, `sitting ${account()}`);
      kept.put(kept_draft, `draft ${account()}`);
    });
    notes = notes.filter((other) => other.id !== note.id);
    [sitting, draft, shows] = [next, kept_draft, ""];
    render();
  }

  // --- sending ------------------------------------------------------------------------------------------------------

  async function ask(address, options) {
    const giveUp = new AbortController();
    const late = setTimeout(() => giveUp.abort(), PATIENCE_MS);
    try {
      const response = await fetch(address, { cache: "no-store", redirect: "manual", credentials: "same-origin", signal: giveUp.signal, ...options });
      const isJson = (response.headers.get("Content-Type") || "").startsWith("application/json");
      return { status: response.type === "opaqueredirect" ? 401 : response.status, body: isJson ? await response.json() : null };
    } catch {
      return { status: 0, body: null };
    } finally {
      clearTimeout(late);
    }
  }

  async function fetchState() {
    const { status, body } = await ask("/notes/state");
    if (status === 200 && body) {
      token = body.token;
      const before = account();
      setup = { account: body.account, language: body.language, rounds: body.rounds };
      await work((kept) => kept.put(setup, "setup"));
      if (before !== setup.account) { await load(); shows = ""; }
      renewPage();
      standing = "sent";
      return true;
    }
    token = null;
    standing = status === 0 ? "offline" : status === 401 || status === 403 ? "signed_out" : "failing";
    return false;
  }

  async function post(note) {
    note.tries += 1;
    await work((_, store) => store.put(note));
    const { seq, label, tries, refused, ...sent } = note;
    const { status, body } = await ask("/notes/note", {
      method: "POST", body: JSON.stringify(sent), headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    });
    if (status === 200 && body && body.id === note.id) {
      if (body.told.length) alerts = [...alerts, ...body.told];
      await work((kept, store) => { store.delete(note.id); kept.put(alerts, "alerts"); });
      notes = notes.filter((other) => other.id !== note.id);
      return true;
    }
    if ((status === 409 || status === 422) && body && body.code !== "other_account") {
      note.refused = body.code;
      await work((_, store) => store.put(note));
      return true;
    }
    if (status !== 0) token = null; // the sign-in has ended, or another one has begun
    standing = status === 0 ? "offline" : status === 401 || status === 403 ? "signed_out" : "failing";
    return false;
  }

  async function send() {
    if (isSending || isWiped) return;
    isSending = true;
    clearTimeout(timer);
    try {
      if (token || (await fetchState())) {
        render();
        for (let note = waiting()[0]; note && !isWiped; note = waiting()[0]) {
          standing = "sending";
          renderStatus();
          if (!(await post(note))) break;
          render();
        }
        if (!waiting().length) standing = "sent";
      }
    } catch {
      cannotStore();
    } finally {
      isSending = false;
      if (!isWiped) render();
    }
    failures = waiting().length && standing !== "sent" ? failures + 1 : 0;
    if (failures && standing !== "signed_out") timer = setTimeout(send, Math.min(LATEST_MS, SOONEST_MS * 2 ** (failures - 1)));
  }

  // What was refused may be taken by now: a round that was paused goes on, a meeting got its code.
  async function tryAgain() {
    const refused = mine().filter((note) => note.refused);
    for (const note of refused) note.refused = "";
    await work((_, store) => refused.forEach((note) => store.put(note)));
    failures = 0;
    send();
  }

  // The page that is kept speaks the language of whoever signed in last.
  function renewPage() {
    const worker = navigator.serviceWorker && navigator.serviceWorker.controller;
    if (!worker || document.documentElement.lang === setup.language || sessionStorage.getItem("renewed") === setup.language) return;
    sessionStorage.setItem("renewed", setup.language);
    worker.postMessage("renew");
  }

  // --- the page -----------------------------------------------------------------------------------------------------

  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name in element && name !== "list") element[name] = value;
      else element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  }

  function tell(text, kind) {
    const line = by("status");
    if (line.dataset.said === text) return;
    line.dataset.said = text;
    line.className = `message ${kind}`;
    line.textContent = text;
  }

  function renderStatus() {
    if (isWiped) return;
    const others = notes.length - mine().length;
    if (!setup) return tell(standing === "signed_out" ? fill(words.status_signed_out, { n: notes.length }) : words.status_nothing, "warn");
    const key = { offline: "status_offline", sending: "status_sending", failing: "status_failing", signed_out: "status_signed_out" }[standing] || "status_sent";
    let text = fill(words[key], { n: waiting().length });
    if (!setup.rounds.length && !sitting) text = words.status_no_round;
    if (others) text += ` ${fill(words.status_other, { n: others })}`;
    tell(text, standing === "sent" && !others ? "done" : "warn");
    if (standing === "signed_out") by("status").append(" ", make("a", { href: "/sign-in?next=/notes/" }, words.sign_in));
  }

  function render() {
    renderStatus();
    renderAlerts();
    renderWaiting();
    const wanted = !setup || (!setup.rounds.length && !sitting) || (sitting && !round()) ? "none" : !sitting ? "start" : sitting.isEnding ? "end" : "point";
    for (const name of ["start", "point", "end"]) by(name).hidden = name !== wanted;
    const drawn = `${wanted} ${sitting ? `${sitting.id} ${sitting.count}` : ""} ${account()}`;
    if (drawn === shows) return;
    shows = drawn;
    for (const id of ["before", "questions", "end-questions"]) by(id).replaceChildren();
    if (wanted === "start") renderStart();
    if (wanted === "point") renderPoint();
    if (wanted === "end") renderEnd();
  }

  function renderStart() {
    const kept = draft.start || {};
    by("round").replaceChildren(...setup.rounds.map((one) => make("option", { value: one.code }, one.name)));
    if (setup.rounds.some((one) => one.code === kept.round)) by("round").value = kept.round;
    by("round-field").hidden = setup.rounds.length < 2;
    const meetings = round().meetings.map((one) => make("option", { value: one.code }, `${one.label} (${one.code})`));
    by("meeting").replaceChildren(...meetings, make("option", { value: "" }, words.meeting_other));
    if (kept.meeting !== undefined && [...by("meeting").options].some((option) => option.value === kept.meeting)) by("meeting").value = kept.meeting;
    by("before").replaceChildren(...round().before.map((question) => draw(question, (kept.answers || {})[question.name])));
    const groups = round().point.find((question) => question.role === "raised_by");
    by("group").replaceChildren(make("option", { value: "" }, words.group_unknown), ...(groups ? groups.boxes : []).map((box) => make("option", { value: box.code }, box.label)));
    by("group").value = kept.group || "";
  }

  function renderPoint() {
    by("point-heading").textContent = `${fill(words.point_heading, { n: sitting.count + 1 })} – ${sitting.name}`;
    const kept = draft.point || {};
    by("questions").replaceChildren(...round().point.map((question) => {
      const standard = question.role === "raised_by" && sitting.group ? { codes: [sitting.group], text: "" } : undefined;
      return draw(question, kept[question.name] || standard);
    }));
  }

  function renderEnd() {
    by("end-count").textContent = fill(words.end_count, { n: sitting.count });
    const kept = { ...sitting.before, ...(draft.end || {}) };
    by("end-questions").replaceChildren(...[...round().before, ...round().end].map((question) => draw(question, kept[question.name])));
  }

  function renderAlerts() {
    const box = by("alerts"), drawn = alerts.join(" ");
    if (box.dataset.drawn === drawn) return;
    box.dataset.drawn = drawn;
    box.replaceChildren();
    if (!alerts.length) return;
    const read = make("button", { type: "button" }, words.told_read);
    read.addEventListener("click", async () => { alerts = []; await work((kept) => kept.delete("alerts")); render(); });
    const told = [...new Set(alerts)].map((kind) => make("p", {}, words[`told_${kind}`] || kind));
    box.append(make("div", { className: "message wrong" }, make("strong", {}, words.told_heading), ...told, make("p", {}, words.told_do), read));
  }

  function renderWaiting() {
    const shown = mine();
    by("waiting").hidden = !shown.length;
    by("list").replaceChildren(...shown.map((note) => {
      const item = make("li", {}, make("p", {}, note.label));
      if (note.refused) item.append(make("p", { className: "fault" }, words[`refused_${note.refused}`] || words.refused_other));
      if (mayTakeBack(note)) {
        if (!note.is_end && sitting && sitting.id === note.sitting && !sitting.isEnding && !draft.point) {
          item.append(button(words.edit, fill(words.edit_of, { text: note.label }), () => takeBack(note, true)));
        }
        item.append(" ", button(words.remove, fill(words.remove_of, { text: note.label }), async () => {
          if (await sure(words.remove_sure, words.remove)) takeBack(note, false);
        }));
      }
      return item;
    }));
  }

  function button(text, label, deed) {
    const made = make("button", { type: "button", className: "second", ariaLabel: label }, text);
    made.addEventListener("click", deed);
    return made;
  }

  // A question with what stands in it: { codes, text }.
  function draw(question, given = { codes: [], text: "" }) {
    const { name, widget } = question;
    if (widget === "text") return make("div", { className: "field" }, make("label", { htmlFor: `q-${name}` }, question.label),
      make("textarea", { id: `q-${name}`, name, rows: 2, maxLength: 1500, value: given.text }));
    if (widget === "number") return make("div", { className: "field" }, make("label", { htmlFor: `q-${name}` }, question.label),
      make("input", { id: `q-${name}`, name, inputMode: "numeric", pattern: "[0-9]{1,4}", maxLength: 4, autocomplete: "off", value: given.text }));
    const field = make("fieldset", { className: "field" }, make("legend", {}, question.label));
    if (widget === "numbers") {
      const values = given.text.split(",");
      const parts = question.parts.map((part, at) => make("div", {}, make("label", { htmlFor: `q-${name}-${at}` }, part.label),
        make("input", { id: `q-${name}-${at}`, name, inputMode: "numeric", pattern: "[0-9]{1,4}", maxLength: 4, autocomplete: "off", value: values[at] || "" })));
      field.append(make("div", { className: "numbers" }, ...parts));
      return field;
    }
    const boxes = widget === "one" ? [...question.boxes, { code: "", label: words.no_choice }] : question.boxes;
    const type = widget === "one" ? "radio" : "checkbox";
    const isTicked = (code) => (code ? given.codes.includes(code) : !given.codes.length);
    field.append(make("div", { className: "boxes" }, ...boxes.map((box) => make("label", { className: "box" },
      make("input", { type, name, value: box.code, checked: isTicked(box.code) }), " ", make("span", {}, box.label)))));
    return field;
  }

  function read(question, within) {
    const fields = [...within.querySelectorAll(`[name="${question.name}"]`)];
    if (question.widget === "one" || question.widget === "several") {
      return { codes: fields.filter((field) => field.checked && field.value).map((field) => field.value), text: "" };
    }
    const text = fields.map((field) => field.value.trim());
    return { codes: [], text: question.widget === "numbers" && !text.some(Boolean) ? "" : text.join(",") };
  }

  // By question; null where four numbers are asked for and some are given: the fields say so.
  function readAll(questions, within) {
    const answers = {};
    for (const question of questions) {
      const given = read(question, within);
      if (question.widget === "numbers" && given.text && given.text.split(",").some((part) => !part)) {
        const empty = [...within.querySelectorAll(`[name="${question.name}"]`)].find((field) => !field.value);
        empty.setCustomValidity(words.numbers_wrong);
        empty.reportValidity();
        return null;
      }
      if (given.codes.length || given.text) answers[question.name] = given;
    }
    return answers;
  }

  // What is being written is on the device at every stroke of a key.
  function remember(event) {
    if (event.target.setCustomValidity) event.target.setCustomValidity("");
    const form = event.currentTarget.id, all = (questions, within) => Object.fromEntries(questions.map((q) => [q.name, read(q, within)]));
    if (form === "start") {
      if (event.target.id === "round") { shows = ""; draft.start = { round: by("round").value }; render(); }
      draft.start = { round: by("round").value, meeting: by("meeting").value, group: by("group").value, answers: all(round().before, by("before")) };
    }
    if (form === "point") draft.point = all(round().point, by("questions"));
    if (form === "end") draft.end = all([...round().before, ...round().end], by("end-questions"));
    keepDraft();
    if (form === "point") renderWaiting();
  }

  async function ending(is) {
    sitting = { ...sitting, isEnding: is };
    await work((kept) => kept.put(sitting, `sitting ${account()}`));
    shows = "";
    render();
    by(is ? "end" : "point").querySelector("input, textarea").focus();
  }

  function sure(text, yes) {
    const dialog = by("ask");
    by("ask-text").textContent = text;
    by("ask-yes").textContent = yes;
    dialog.showModal();
    return new Promise((resolve) => {
      dialog.onclose = () => resolve(dialog.returnValue === "yes");
      by("ask-yes").onclick = () => dialog.close("yes");
      by("ask-no").onclick = () => dialog.close("no");
      dialog.oncancel = () => { dialog.returnValue = "no"; };
    });
  }

  async function wipe() {
    if (!(await sure(fill(words.wipe_sure, { n: notes.length }), words.wipe_yes))) return;
    isWiped = true;
    clearTimeout(timer);
    db.close();
    await new Promise((resolve) => { const gone = indexedDB.deleteDatabase(DATABASE); gone.onsuccess = gone.onerror = gone.onblocked = resolve; });
    for (const name of await caches.keys()) if (name.startsWith("lyhord-notes-")) await caches.delete(name);
    for (const one of await navigator.serviceWorker.getRegistrations()) if (new URL(one.scope).pathname === "/notes/") await one.unregister();
    for (const id of ["start", "point", "end", "waiting", "kept", "alerts"]) by(id).hidden = true;
    tell(words.wiped, "done");
  }

  function once(deed) {
    return async (event) => {
      event.preventDefault();
      if (isSaving || isWiped) return;
      isSaving = true;
      try { await deed(); } catch { cannotStore(); } finally { isSaving = false; }
    };
  }

  async function run() {
    by("other-tab").hidden = true;
    db = await open();
    await load();
    standing = "sending";
    render();
    for (const form of ["start", "point", "end"]) by(form).addEventListener("input", remember);
    by("start").addEventListener("submit", once(begin));
    by("point").addEventListener("submit", once(savePoint));
    by("end").addEventListener("submit", once(end));
    by("to-end").addEventListener("click", once(() => ending(true)));
    by("back-to-point").addEventListener("click", once(() => ending(false)));
    by("try").addEventListener("click", once(tryAgain));
    by("wipe").addEventListener("click", once(wipe));
    addEventListener("online", () => { failures = 0; send(); });
    document.addEventListener("visibilitychange", () => { if (!document.hidden && waiting().length) send(); });
    await send();
  }

  // One tab writes and sends; another one waits until that is closed, or has crashed.
  async function main() {
    if (!("indexedDB" in window) || !window.isSecureContext) return cannotStore();
    if (navigator.serviceWorker) {
      navigator.serviceWorker.addEventListener("message", (event) => { if (event.data === "renewed") location.reload(); });
      navigator.serviceWorker.register("/notes/worker.js").catch(() => {});
    }
    const forEver = () => run().then(() => new Promise(() => {}), cannotStore);
    if (!navigator.locks) return forEver();
    const isFree = await navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => Boolean(lock));
    by("other-tab").hidden = isFree;
    if (!isFree) by("status").hidden = true;
    await navigator.locks.request(LOCK, () => { by("status").hidden = false; return forEver(); });
  }

  main();
})();
