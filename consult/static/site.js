// What a page can do better with JavaScript; everything works without.
const summary = document.querySelector("[data-focus]");
if (summary) summary.focus();

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
  setTimeout(() => delete form.dataset.sent, 4000);
});

// How many characters are left, said politely.
for (const field of document.querySelectorAll("textarea[maxlength], input[data-count][maxlength]")) {
  const left = document.createElement("p");
  left.className = "form-hint";
  left.setAttribute("aria-live", "polite");
  const most = Number(field.getAttribute("maxlength"));
  const say = () => { left.textContent = most - field.value.length < most / 4 ? `${field.value.length} / ${most}` : ""; };
  field.addEventListener("input", say);
  field.after(left);
}

// Texts that were kept in this browser go once they were taken, after a week, and when somebody leaves for good.
const drafts = () => Object.keys((() => { try { return window.localStorage; } catch { return {}; } })()).filter((key) => key.startsWith("draft:"));
const taken = document.querySelector("main .alert-success");
for (const key of drafts()) {
  const draft = (() => { try { return JSON.parse(window.localStorage.getItem(key)); } catch { return null; } })();
  if (!draft || Date.now() - draft.at > 7 * 24 * 3600 * 1000 || (draft.sent && taken)) window.localStorage.removeItem(key);
}
for (const form of document.querySelectorAll('form[action="/esci"]')) {
  form.addEventListener("submit", () => drafts().forEach((key) => window.localStorage.removeItem(key)));
}

// Files that would be refused for their number or size are named before they travel.
for (const field of document.querySelectorAll("input[data-files]")) {
  const error = document.getElementById("files-error");
  field.addEventListener("change", () => {
    const large = [...field.files].find((file) => file.size > Number(field.dataset.bytes));
    const fault = large ? field.dataset.tooLarge.replace("{name}", large.name) : field.files.length > Number(field.dataset.most) ? field.dataset.tooMany : "";
    error.textContent = fault;
    field.toggleAttribute("aria-invalid", Boolean(fault));
    if (fault) field.value = "";
  });
}
