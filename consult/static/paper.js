// A ballot paper says what it holds so far, and its options move up and down at once; without this script the page comes
// back with them moved, and a paper that does not add up is shown again with the reason.
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const euro = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency: "EUR", maximumFractionDigits: 0, useGrouping: "always" });

const chosen = (paper, sum) => {
  const boxes = [...paper.querySelectorAll("input[name=choices]:checked")], most = Number(paper.dataset.most);
  const parts = [fill(sum.dataset.chosen, { chosen: boxes.length, most })];
  let over = boxes.length > most;
  if (paper.dataset.budget) {
    const cost = boxes.reduce((all, box) => all + Number(box.dataset.cost), 0), left = Number(paper.dataset.budget) - cost;
    over ||= left < 0;
    parts.push(fill(left < 0 ? sum.dataset.over : sum.dataset.spent, { cost: euro.format(cost), left: euro.format(left), over: euro.format(-left) }));
  }
  return [parts.join(" "), over];
};

const shared = (paper, sum) => {
  const all = Number(paper.dataset.share);
  const given = [...paper.querySelectorAll("[data-points] input")].reduce((total, input) => total + (Number(input.value) || 0), 0);
  return [fill(given > all ? sum.dataset.over : sum.dataset.given, { given, all, left: all - given, over: given - all }), given > all];
};

for (const paper of document.querySelectorAll("[data-paper]")) {
  const sum = paper.querySelector(".paper-sum");
  if (!sum) continue;
  const say = () => {
    const [said, over] = (paper.dataset.share ? shared : chosen)(paper, sum);
    sum.classList.toggle("over", over);
    sum.textContent = said;
  };
  paper.addEventListener("input", say);
  say();
}

for (const list of document.querySelectorAll("[data-ranks]")) {
  const items = () => [...list.children], input = (item) => item.querySelector("input");
  const place = (item) => (/^\d+$/.test(input(item).value.trim()) ? Number(input(item).value) : 0);
  const status = list.parentElement.querySelector("[data-status]");
  list.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=move]");
    if (!button) return;
    event.preventDefault();
    const item = button.closest("li"), up = button.value.startsWith("up:");
    const placed = items().filter(place).sort((a, b) => place(a) - place(b)), at = placed.indexOf(item);
    if (at < 0 && up) placed.push(item);
    else if (at >= 0) {
      placed.splice(at, 1);
      if (up || at < placed.length) placed.splice(up ? Math.max(0, at - 1) : at + 1, 0, item);
    }
    const others = items().filter((other) => !placed.includes(other));
    placed.forEach((one, index) => { input(one).value = index + 1; });
    others.forEach((one) => { input(one).value = ""; });
    list.append(...placed, ...others);
    button.focus();
    const option = item.querySelector(".option-title").textContent, now = placed.indexOf(item) + 1;
    status.textContent = fill(now ? list.dataset.said : list.dataset.out, { option, place: now });
  });
}
