// What a text costs as SMS: the same rules as text/sms.py, so that the count moves while one types.
// Without this script the server counts each time the page is saved.
"use strict";
(() => {
  const BASIC = new Set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà");
  const EXTENSION = new Set("\f^{}\\[~]|€");
  const ROOM = { "GSM-7": [160, 153], "UCS-2": [70, 67] };
  const TWINS = new Map([
    ...[..."‘’‚‛′ʹʼ`´"].map((sign) => [sign, "'"]),
    ...[..."“”„‟″«»‹›"].map((sign) => [sign, '"']),
    ...[..."‐‑‒–—―−⁃•‣◦·∙●▪"].map((sign) => [sign, "-"]),
    ...[..."\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"].map((sign) => [sign, " "]),
    ...[..."\u00ad\u200b\u2060\ufeff"].map((sign) => [sign, ""]),
    ...[..."\u2028\u2029"].map((sign) => [sign, "\n"]),
    ["…", "..."], ["⁄", "/"], ["×", "x"], ["→", "->"], ["²", "2"], ["³", "3"], ["½", "1/2"],
  ]);
  const translate = (text) => Array.from(text, (sign) => TWINS.has(sign) ? TWINS.get(sign) : sign).join("");

  function swapLookalikes(text) {
    return translate(translate(text).normalize("NFC"));
  }

  function measure(text) {
    const signs = Array.from(text);
    const foreign = signs.filter((sign) => !BASIC.has(sign) && !EXTENSION.has(sign));
    const encoding = foreign.length ? "UCS-2" : "GSM-7";
    const isDouble = foreign.length ? (sign) => sign.length === 2 : (sign) => EXTENSION.has(sign);
    const doubled = signs.filter(isDouble);
    const units = signs.length + doubled.length;
    const [single, part] = ROOM[encoding];
    let segments = signs.length ? 1 : 0;
    if (units > single) segments = doubled.length ? parts(signs, isDouble, part) : Math.ceil(units / part);
    return { encoding, units, segments, costly: [...new Set(foreign.length ? foreign : doubled)] };
  }

  function parts(signs, isDouble, room) {
    let count = 1, used = 0;
    for (const sign of signs) {
      const width = isDouble(sign) ? 2 : 1;
      if (used + width > room) { count += 1; used = 0; }
      used += width;
    }
    return count;
  }

  const fill = (template, values) => template.replace(/\[([A-ZÅÄÖ]+)\]/g, (all, name) => name in values ? values[name] : all);

  globalThis.lyhordSms = { measure, swapLookalikes, fill };

  function show(item, values) {
    const filled = swapLookalikes(fill(item.dataset.template, values));
    const size = measure(filled);
    item.querySelector("[data-part=text]").textContent = filled;
    item.querySelector("[data-part=segments]").textContent = size.segments;
    item.querySelector("[data-part=units]").textContent = `${size.units} ${size.encoding}`;
    item.querySelector("[data-part=costly]").textContent = size.costly.length && size.segments > 1 ? size.costly.join(" ") : "";
    item.querySelector("[data-part=costly-label]").hidden = !(size.costly.length && size.segments > 1);
    item.classList.toggle("dear", size.segments > 1);
    return size.segments;
  }

  function start() {
    const list = document.querySelector("[data-texts]");
    if (!list) return;
    const values = JSON.parse(list.dataset.values), usual = JSON.parse(list.dataset.usual);
    const items = [...list.querySelectorAll("[data-template]")];
    const total = document.querySelector("[data-part=dear]");
    const again = () => {
      for (const input of document.querySelectorAll("[data-fills]")) {
        values[input.dataset.fills] = input.value.trim().replace(/\s+/g, " ") || usual[input.dataset.fills];
      }
      total.textContent = items.filter((item) => show(item, values) > 1).length;
    };
    for (const input of document.querySelectorAll("[data-fills]")) input.addEventListener("input", again);
    again();
  }
  if (typeof document !== "undefined") start();
})();
