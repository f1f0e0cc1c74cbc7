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

// What a ballot paper holds so far, and what it costs together.
for (const paper of document.querySelectorAll("[data-paper]")) {
  const sum = paper.querySelector("[data-chosen]");
  const euro = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency: "EUR", maximumFractionDigits: 0, useGrouping: "always" });
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const say = () => {
    const chosen = [...paper.querySelectorAll("input[name=choices]:checked")];
    let over = chosen.length > Number(paper.dataset.most);
    const parts = [fill(sum.dataset.chosen, { chosen: chosen.length, most: paper.dataset.most })];
    if (paper.dataset.budget) {
      const cost = chosen.reduce((all, box) => all + Number(box.dataset.cost), 0);
      const left = Number(paper.dataset.budget) - cost;
      over ||= left < 0;
      parts.push(fill(left < 0 ? sum.dataset.over : sum.dataset.spent, { cost: euro.format(cost), left: euro.format(left), over: euro.format(-left) }));
    }
    sum.classList.toggle("over", over);
    sum.textContent = parts.join(" ");
  };
  paper.addEventListener("change", say);
  say();
}
