// What a page of comments does better with JavaScript; everything works without.

// The comment that the address names takes the focus.
const marked = location.hash.startsWith("#c-") && document.getElementById(location.hash.slice(1));
if (marked) marked.focus({ preventScroll: true });

// Agreeing without losing one's place: the answer is the same page, of which only the two buttons are taken.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-agreement]") || event.defaultPrevented) return;
  event.preventDefault();
  const body = new FormData(form, event.submitter);
  let fresh;
  try {
    const answer = await fetch(form.action, { method: "POST", body });
    fresh = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(form.id);
  } catch { /* the connection fell: send it as a page would, so that the browser says so */ }
  if (!fresh) {
    const said = document.createElement("input");
    Object.assign(said, { type: "hidden", name: event.submitter.name, value: event.submitter.value });
    form.append(said);
    form.submit();
    return;
  }
  const pressed = event.submitter.id;
  form.replaceWith(fresh);
  document.getElementById(pressed)?.focus();
});

// Words that are selected in a comment are quoted by its reply; a press of the mouse would first unselect them.
for (const link of document.querySelectorAll("[data-quotes]")) {
  const quote = () => {
    const selected = getSelection();
    const words = selected.toString().replace(/\s+/g, " ").trim().slice(0, 400);
    const text = link.closest(".comment").querySelector(".prose");
    if (words && text.contains(selected.anchorNode)) link.search = `?${new URLSearchParams({ cita: words })}`;
  };
  link.addEventListener("pointerdown", quote);
  link.addEventListener("click", quote);
}

// What is typed stays in this browser until it is sent; what was taken or is too old goes on every page.
const PREFIX = "draft:";
const store = (() => { try { return window.localStorage; } catch { return null; } })();
const read = (key) => { try { return JSON.parse(store.getItem(key)); } catch { return null; } };
const keep = (key, draft) => { try { store.setItem(key, JSON.stringify(draft)); } catch { /* full or forbidden */ } };

for (const form of document.querySelectorAll("form[data-draft]")) {
  if (!store) break;
  const key = PREFIX + form.dataset.draft;
  const fields = [...form.querySelectorAll("textarea")];
  const draft = read(key);
  const empty = fields.every((field) => !field.value || field.name === "quote");
  if (draft && empty && fields.some((field) => draft.fields[field.name])) {
    for (const field of fields) field.value = draft.fields[field.name] ?? field.value;
    const notice = document.createElement("p");
    notice.className = "draft-restored";
    notice.setAttribute("role", "status");
    const drop = document.createElement("button");
    drop.type = "button";
    drop.className = "btn btn-outline-primary btn-sm";
    drop.textContent = form.dataset.drop;
    drop.addEventListener("click", () => {
      store.removeItem(key);
      for (const field of fields) field.value = "";
      notice.remove();
      fields.at(-1).focus();
    });
    notice.append(form.dataset.restored, " ", drop);
    form.prepend(notice);
  }
  const note = (sent) => {
    const typed = Object.fromEntries(fields.map((field) => [field.name, field.value]));
    if (Object.values(typed).some((text) => text.trim())) keep(key, { at: Date.now(), sent, fields: typed });
    else store.removeItem(key);
  };
  form.addEventListener("input", () => note(false));
  form.addEventListener("submit", () => note(true));
}

// How far one has read is noted when one leaves, so that what is new stays marked while one reads.
for (const thread of document.querySelectorAll("[data-visit]")) {
  const { visit, latest, token } = thread.dataset;
  addEventListener("pagehide", () => {
    navigator.sendBeacon(visit, new URLSearchParams({ csrf_token: token, latest }));
  });
}
