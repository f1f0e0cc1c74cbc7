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
