// A proposal is kept while it is written: on the server, and in this browser while the connection is down.
const CALM = 2500; // after the last key, in milliseconds
const APART = 10000; // between two savings
const ASIDE = ["csrf_token", "once", "version", "act", "block", "files", "enclosed", "without"];

const copies = (() => { try { return window.localStorage; } catch { return null; } })();
const recall = (key) => { try { return JSON.parse(copies.getItem(key)); } catch { return null; } };
const remember = (key, copy) => { try { copies.setItem(key, JSON.stringify(copy)); } catch { /* full or forbidden */ } };
const discard = (key) => { try { copies.removeItem(key); } catch { /* forbidden */ } };

function typed(form) {
  const pairs = [...new FormData(form)].filter(([name, value]) => !ASIDE.includes(name) && typeof value === "string");
  return Object.fromEntries(pairs);
}

function same(one, other) {
  const names = new Set([...Object.keys(one), ...Object.keys(other)].filter((name) => name !== "page"));
  return [...names].every((name) => (one[name] ?? "") === (other[name] ?? ""));
}

function keepSaved(form) {
  const { writing: address, offline, unsaved } = form.dataset;
  const key = `draft:${address}`;
  const status = form.querySelector("[data-saved]");
  let saved = typed(form);
  let timer = 0;
  let last = 0;
  let busy = false;
  let sending = false;

  const say = (words) => { if (status.textContent !== words) status.textContent = words; };
  const later = (delay) => {
    clearTimeout(timer);
    timer = setTimeout(save, Math.max(delay, last + APART - Date.now()));
  };

  function body() {
    const data = new FormData(form);
    for (const name of ["files", "once", "act", "without"]) data.delete(name);
    data.set("act", "draft");
    return data;
  }

  function take(page) {
    const said = page.querySelector("[data-said]");
    const aid = page.querySelector("[data-aid]");
    if (!said || !aid) return false;
    say(said.textContent);
    form.querySelector("[data-aid]").replaceWith(aid);
    if (form.elements.version && Number(said.dataset.version)) form.elements.version.value = said.dataset.version;
    return true;
  }

  async function save() {
    const now = typed(form);
    if (busy || sending || same(now, saved)) return;
    busy = true;
    last = Date.now();
    try {
      const answer = await fetch(address, { method: "POST", body: body() });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!take(page)) say(unsaved);
      if (answer.ok) {
        saved = now;
        if (same(typed(form), saved)) discard(key);
      }
    } catch {
      say(offline);
      later(APART);
    }
    busy = false;
    if (!sending && !same(typed(form), now)) later(CALM);
  }

  function changed() {
    const now = typed(form);
    if (same(now, saved)) return;
    remember(key, { at: Date.now(), sent: false, fields: now });
    later(CALM);
  }

  function restore(copy) {
    for (const [name, value] of Object.entries(copy.fields)) {
      const field = form.elements[name];
      if (!field || !("value" in field)) continue;
      field.value = value;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
    later(0);
  }

  function offer(copy) {
    const notice = document.createElement("div");
    notice.className = "draft-restored";
    notice.setAttribute("role", "status");
    const button = (label, kind, act) => {
      const made = document.createElement("button");
      Object.assign(made, { type: "button", className: `btn btn-sm ${kind}`, textContent: label });
      made.addEventListener("click", () => { act(); notice.remove(); form.elements.title.focus(); });
      return made;
    };
    const text = document.createElement("p");
    text.textContent = `${form.dataset.restored} ${(copy.fields.title || copy.fields.body || "").slice(0, 80)}`;
    notice.append(text, button(form.dataset.take, "btn-primary", () => restore(copy)), " ",
      button(form.dataset.drop, "btn-outline-primary", () => discard(key)));
    form.before(notice);
  }

  const copy = recall(key);
  if (copy && !same(copy.fields, saved)) offer(copy);
  else discard(key);

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", () => {
    sending = true;
    clearTimeout(timer);
    const now = typed(form);
    if (!same(now, saved)) remember(key, { at: Date.now(), sent: true, fields: now });
    setTimeout(() => { sending = false; }, 8000);
  });
  addEventListener("online", () => later(0));
  addEventListener("pagehide", () => {
    if (sending || same(typed(form), saved)) return;
    fetch(address, { method: "POST", body: body(), keepalive: true }).catch(() => { /* the copy in this browser stays */ });
  });
}

for (const form of document.querySelectorAll("form[data-writing]")) keepSaved(form);
