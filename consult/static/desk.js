// The desks of moderators and of the plan office: what one works on stays in one's hands, seconds to take a decision
// back, and keys.
// All of it can be done without.
const one = (selector, within = document) => within.querySelector(selector);

// Opening a text takes it in hand, and working on it keeps it: at most one request in two minutes.
const claims = one("form[data-claims]");
if (claims) {
  let asked = 0, lost = false;
  const take = async () => {
    asked = Date.now();
    const answer = await fetch(claims.action, { method: "POST", body: new FormData(claims), headers: { Accept: "application/json" } }).catch(() => null);
    const said = answer && (answer.ok || answer.status === 409) ? await answer.json().catch(() => null) : null;
    if (!said) return;
    lost = !answer.ok;
    claims.hidden = answer.ok;
    one("form[data-gives-back]").hidden = lost;
    one("[data-claimed]").textContent = lost ? "" : said.said;
    one("[data-claim-refused]").textContent = lost ? said.said : "";
  };
  take();
  const working = () => { if (!lost && Date.now() - asked > 120000) take(); };
  for (const kind of ["keydown", "pointerdown", "input"]) document.addEventListener(kind, working, { passive: true });
}

// The seconds in which a decision can be taken back; nothing is read aloud meanwhile.
for (const form of document.querySelectorAll("form[data-undo]")) {
  const ends = Date.now() + Number(form.dataset.undo) * 1000;
  const left = one("[data-left]", form);
  const tick = () => {
    const seconds = Math.ceil((ends - Date.now()) / 1000);
    left.textContent = seconds > 0 ? seconds : "";
    if (seconds > 0) return setTimeout(tick, 1000);
    const over = document.createElement("p");
    over.textContent = form.dataset.over;
    over.tabIndex = -1;
    const focused = form.contains(document.activeElement);
    form.replaceChildren(over);
    if (focused) over.focus();
  };
  tick();
}

// The sentence that goes with the chosen reason, put into the note.
const deciding = one("form[data-deciding]");
const chosenReason = () => deciding && one("[name=reason]", deciding).value;
const sentence = (reason) => deciding && reason ? one(`[data-reason="${CSS.escape(reason)}"]`, deciding) : null;
const useSentence = () => {
  const found = sentence(chosenReason());
  const note = found && one("textarea[name=note]", deciding);
  if (!note || note.value.includes(found.textContent)) return;
  note.value = note.value.trim() ? `${note.value.trimEnd()} ${found.textContent}` : found.textContent;
  note.dispatchEvent(new Event("input", { bubbles: true }));
};
for (const button of document.querySelectorAll("button[data-act=template]")) {
  button.closest("[data-template]").hidden = false;
  button.addEventListener("click", useSentence);
}

// Keys: which does what stands in the list that explains them, and in this browser what the moderator chose instead.
const store = one("[data-keys-store]")?.dataset.keysStore || "desk-keys";
const kept = (() => { try { return JSON.parse(localStorage.getItem(store)) || {}; } catch { return {}; } })();
const help = one("dialog[data-keys]");
const choose = (...acts) => {
  for (const act of acts) {
    const radio = deciding ? one(`[name=decision][value="${act}"]`, deciding) : one(`[data-choice="${act}"]`);
    const link = one(`a[data-act="${act}"]`);
    if (radio) { radio.checked = true; radio.dispatchEvent(new Event("change", { bubbles: true })); radio.focus(); return true; }
    if (link) { link.click(); return true; }
  }
  return false;
};
const chooseReason = (number) => {
  const field = deciding && one("[name=reason]", deciding);
  const option = field && field.options[number];
  if (!option) return;
  field.value = option.value;
  const act = one("[name=decision]:checked", deciding);
  if (act && ["hide", "revise", "redact"].includes(act.value)) act.focus();
  else {
    const usual = sentence(option.value)?.dataset.default;
    choose(usual && one(`[name=decision][value="${usual}"]`, deciding) ? usual : "hide");
  }
};
const step = (by) => {
  const links = [...document.querySelectorAll(".queue > li h2 a, [data-row] [data-choose]")];
  const row = (link) => link.closest("li, [data-row]");
  const at = links.findIndex((link) => row(link).contains(document.activeElement));
  const to = links[at < 0 ? (by > 0 ? 0 : links.length - 1) : at + by];
  if (to) { to.focus(); row(to).scrollIntoView({ block: "nearest" }); }
};

// The rows of a table that are chosen, and how many they are.
const boxes = [...document.querySelectorAll("[data-choose]")];
const count = one("[data-chosen]");
const tell = () => { if (count) count.textContent = count.dataset.chosen.replace("%s", boxes.filter((box) => box.checked).length); };
const mark = () => {
  const box = document.activeElement.closest?.("[data-row]")?.querySelector("[data-choose]");
  if (box) { box.checked = !box.checked; tell(); }
};
const markAll = () => { const all = boxes.every((box) => box.checked); for (const box of boxes) box.checked = !all; tell(); };
for (const box of boxes) box.addEventListener("change", tell);
tell();
const enter = (field) => { if (!field) return; field.closest("details:not([open])")?.setAttribute("open", ""); field.focus(); };
const press = (act) => one(`button[data-act="${act}"]`)?.click();
const does = {
  next: () => step(1), previous: () => step(-1), take: () => press("take"), keep: () => choose("keep", "approve", "restore"),
  template: useSentence, note: () => deciding && one("textarea[name=note]", deciding).focus(), undo: () => press("undo"),
  help: () => (help.open ? help.close() : help.showModal()), mark, every: markAll, look: () => press("look"),
  reasons: () => enter(one("textarea[name=reasons]")), search: () => enter(one("input[data-act=search]")),
};
for (const radio of document.querySelectorAll("[data-choice]")) does[radio.dataset.choice] = () => choose(radio.dataset.choice);
for (const act of ["hide", "revise", "redact", "duplicate", "split", "move", "escalate", "snooze"]) does[act] = () => choose(act);

if (help) {
  const keys = new Map();
  for (const row of help.querySelectorAll("[data-does]")) {
    const key = kept.keys?.[row.dataset.does] || row.dataset.key;
    keys.set(key, row.dataset.does);
    one("kbd", row).textContent = key.toUpperCase();
  }
  one("[data-keys-help]").hidden = false;
  one("[data-help]").addEventListener("click", does.help);
  one("[data-keys-off]", help).hidden = !kept.off;
  const typing = "input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]";
  if (!kept.off) document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.target.closest?.(typing)) return;
    const arrow = boxes.length && event.target.closest?.("[data-row]") && { ArrowDown: "next", ArrowUp: "previous" }[event.key];
    const act = arrow || keys.get(event.key) || keys.get(event.key.toLowerCase());
    if (help.open && act !== "help") return;
    if (act && does[act]) { event.preventDefault(); does[act](); }
    else if (/^[0-9]$/.test(event.key) && deciding) { event.preventDefault(); chooseReason(Number(event.key) || 10); }
  });
}

// The page on which the keys are chosen.
const choosing = one("form[data-keys-form]");
if (choosing) {
  const fields = [...choosing.querySelectorAll("input[data-default]")];
  const said = one("[data-said]", choosing);
  for (const field of fields) if (kept.keys?.[field.name]) field.value = kept.keys[field.name];
  choosing.elements.on.checked = !kept.off;
  choosing.hidden = false;
  const label = (field) => one(`label[for="${field.id}"]`, choosing).textContent;
  const keep = () => {
    const value = (field) => field.value.trim().toLowerCase() || field.dataset.default;
    const digit = fields.find((field) => /[0-9]/.test(value(field)));
    const twice = fields.find((field, at) => fields.slice(0, at).some((other) => value(other) === value(field)));
    const wrong = digit || twice;
    for (const field of fields) field.toggleAttribute("aria-invalid", field === wrong);
    if (wrong) { said.textContent = (digit ? choosing.dataset.digit : choosing.dataset.twice).replace("%s", label(wrong)); wrong.focus(); return; }
    const keys = Object.fromEntries(fields.filter((field) => value(field) !== field.dataset.default).map((field) => [field.name, value(field)]));
    try { localStorage.setItem(store, JSON.stringify({ off: !choosing.elements.on.checked, keys })); } catch { return; }
    said.textContent = choosing.dataset.kept;
  };
  choosing.addEventListener("submit", (event) => { event.preventDefault(); keep(); });
  choosing.addEventListener("reset", (event) => {
    event.preventDefault();
    for (const field of fields) field.value = field.dataset.default;
    choosing.elements.on.checked = true;
    keep();
  });
}
