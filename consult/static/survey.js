// A questionnaire shows and hides while one answers, by the rules of consult/surveys/logic.py; without this script the
// page comes back with what was opened. The rules stand in data-rules: the questions of the page and what is known.
const conditions = (() => {
  const empty = (given) => given === undefined || given === null || given === "" || (Array.isArray(given) && !given.length);
  const test = (condition, given) => {
    if ("answered" in condition) return empty(given) !== condition.answered;
    if (empty(given)) return "is_not" in condition;
    const is = (value) => (Array.isArray(given) ? given.includes(value) : given === value);
    if ("is" in condition) return is(condition.is);
    if ("is_not" in condition) return !is(condition.is_not);
    return "at_least" in condition ? given >= condition.at_least : given <= condition.at_most;
  };
  const holds = (condition, answers) => {
    if (!condition || !Object.keys(condition).length) return true;
    if (condition.all) return condition.all.every((part) => holds(part, answers));
    if (condition.any) return condition.any.some((part) => holds(part, answers));
    return test(condition, answers[condition.question]);
  };
  const shown = (questions, given, known) => {
    const answers = { ...known }, seen = {};
    for (const question of questions) {
      if (!holds(question.shown_if, answers)) continue;
      const offered = question.options.filter((option) => holds(question.options_if[option], answers));
      seen[question.code] = offered;
      let answer = given[question.code];
      if (Array.isArray(answer) && question.options.length) answer = answer.filter((code) => offered.includes(code));
      if (!empty(answer)) answers[question.code] = answer;
    }
    return seen;
  };
  return { holds, shown };
})();
window.conditions = conditions; // looked at by the tests, which compare it with the server

const number = (typed) => {
  const plain = typed.replace(/[\s’']/g, "").replace("−", "-");
  return /^-?\d{1,12}([.,]\d{1,6})?$/.test(plain) && !/^-?\d{1,3}(\.\d{3})+$/.test(plain) ? Number(plain.replace(",", ".")) : undefined;
};

// What is answered to a question of the page, as conditions know it.
const told = (element) => {
  const code = element.dataset.question, inputs = [...element.querySelectorAll("input, select, textarea")];
  if (inputs.some((input) => input.dataset.refuses !== undefined && input.checked) || inputs.some((input) => input.tagName === "SELECT" && input.value === "-")) return {};
  const part = (input) => input.name.split(".")[1] || "", main = inputs.filter((input) => !part(input));
  const chosen = (list) => list.filter((input) => input.checked && input.value && input.value !== "-").map((input) => input.value);
  switch (element.dataset.asks) {
    case "choices": return { [code]: chosen(main) };
    case "dropdown": case "municipality": return { [code]: main[0].value ? [main[0].value] : [] };
    case "scale": return { [code]: chosen(main).length ? Number(chosen(main)[0]) : undefined };
    case "number": return { [code]: number(main[0].value) };
    case "matrix": {
      const rows = Object.groupBy ? Object.groupBy(inputs, part) : inputs.reduce((all, input) => ({ ...all, [part(input)]: [...(all[part(input)] || []), input] }), {});
      return Object.fromEntries(Object.entries(rows).map(([row, cells]) => [`${code}.${row}`, chosen(cells)]));
    }
    case "points": return Object.fromEntries(inputs.filter((input) => Number(input.value)).map((input) => [`${code}.${part(input)}`, Number(input.value)]));
    case "ranking": return { [code]: inputs.filter((input) => input.value.trim()).sort((a, b) => a.value - b.value).map(part) };
    case "place": return { [code]: inputs.some((input) => input.value) ? "there" : "" };
    case "file": return { [code]: inputs.some((input) => input.type !== "checkbox" && input.value) ? "there" : "" };
    case "information": return {};
    default: return { [code]: main[0].value.trim() };
  }
};

for (const form of document.querySelectorAll("form[data-survey]")) {
  const rules = form.dataset.rules && JSON.parse(form.dataset.rules);
  const questions = [...form.querySelectorAll("[data-question]")];
  const seen = form.elements.seen;

  const decide = () => {
    if (!rules) return;
    const given = Object.assign({}, ...questions.map(told));
    const shown = conditions.shown(rules.questions, given, rules.known);
    const marks = new Set(seen.value.split(" ").filter(Boolean));
    const mark = (name, there) => { if (there) marks.add(name); else marks.delete(name); };
    for (const element of questions) {
      const code = element.dataset.question;
      const parts = rules.questions.filter((one) => one.code === code || one.code.startsWith(`${code}.`));
      element.hidden = !parts.some((one) => one.code in shown);
      mark(code, !element.hidden);
      for (const option of element.querySelectorAll("[data-option]")) {
        const name = option.dataset.option;
        option.hidden = !(shown[code] || []).includes(name) && !(`${code}.${name}` in shown);
        if (option.tagName === "OPTION") option.disabled = option.hidden;
        mark(`${code}.${name}`, !option.hidden);
      }
    }
    for (const section of form.querySelectorAll("section")) {
      const inside = [...section.querySelectorAll(".question")];
      if (inside.length) section.hidden = inside.every((element) => element.hidden);
    }
    seen.value = [...marks].join(" ");
  };

  // Earlier answers of the same page, said again.
  const label = (input) => (input.labels && input.labels[0] ? input.labels[0].textContent.trim() : input.value);
  const words = (element) => {
    const own = [...element.querySelectorAll("input[data-other]")].find((input) => !input.disabled && input.value.trim());
    const chosen = [...element.querySelectorAll("input:checked")].filter((input) => input.value && input.value !== "-" && input.dataset.refuses === undefined);
    const select = element.querySelector("select");
    if (select && select.value && select.value !== "-") return select.selectedOptions[0].textContent;
    if (chosen.length) return chosen.map((input) => (own && own.dataset.other === input.value ? own.value.trim() : label(input))).join(", ");
    const typed = element.querySelector("input:not([type=radio]):not([type=checkbox]):not([data-other]), textarea");
    return (typed && typed.value.trim()) || "—";
  };
  const piped = questions.filter((element) => element.dataset.piped);
  const say = () => {
    for (const element of piped) {
      const text = element.dataset.piped.replace(/\{([a-z0-9_]+)\}/g, (whole, code) => {
        const asked = questions.find((one) => one.dataset.question === code);
        return asked ? (asked.hidden ? "—" : words(asked)) : whole;
      });
      element.querySelector("[data-prompt]").textContent = text;
    }
  };

  // One's own words go with the answer "other"; what stands alone is not chosen with others; refusing is no answer.
  const settle = (input) => {
    const element = input.closest("[data-question]");
    if (!element) return;
    if (input.dataset.other && input.value.trim()) {
      const box = [...element.querySelectorAll("input[type=radio], input[type=checkbox]")].find((one) => one.value === input.dataset.other);
      if (box) box.checked = true;
      input = box || input;
    }
    if (input.type === "checkbox" && input.checked && !input.name.includes(".")) {
      for (const box of element.querySelectorAll("input[type=checkbox]")) {
        const apart = (one) => one.dataset.alone !== undefined || one.dataset.refuses !== undefined;
        if (box !== input && box.name === input.name && (apart(input) || apart(box))) box.checked = false;
      }
    }
    for (const own of element.querySelectorAll("input[data-other]")) {
      const box = [...element.querySelectorAll("input[type=radio], input[type=checkbox]")].find((one) => one.value === own.dataset.other && !one.name.includes("."));
      if (box && input !== own && !box.checked) own.value = "";
    }
    if (input.dataset.refuses === undefined && input.value && input.name.includes(".") === false) {
      const refused = element.querySelector(".question-refused input");
      if (refused && input !== refused) refused.checked = false;
    }
  };

  // Up and down in an order: the numbers follow.
  for (const list of form.querySelectorAll("[data-ranking]")) {
    const items = () => [...list.children].filter((item) => !item.hidden);
    const field = (item) => item.querySelector("input"), name = (item) => item.querySelector("label").textContent.trim();
    const ranked = () => items().filter((item) => /^\d+$/.test(field(item).value.trim())).sort((a, b) => field(a).value - field(b).value);
    const said = document.createElement("p");
    said.className = "visually-hidden";
    said.setAttribute("aria-live", "polite");
    list.after(said);
    const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key]);
    const move = (item, by) => {
      const order = ranked(), at = order.indexOf(item);
      if (at < 0 && by < 0) order.push(item);
      else if (at >= 0 && at + by >= 0 && at + by < order.length) order.splice(at + by, 0, order.splice(at, 1)[0]);
      else if (at >= 0 && by > 0) order.splice(at, 1);
      items().forEach((one) => { field(one).value = order.includes(one) ? order.indexOf(one) + 1 : ""; });
      said.textContent = fill(order.includes(item) ? list.dataset.said : list.dataset.out, { answer: name(item), rank: order.indexOf(item) + 1 });
      field(item).dispatchEvent(new Event("input", { bubbles: true }));
    };
    for (const item of list.children) {
      for (const [text, by, sign] of [[list.dataset.up, -1, "↑"], [list.dataset.down, 1, "↓"]]) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "btn btn-outline-primary btn-sm";
        button.textContent = sign;
        button.setAttribute("aria-label", fill(text, { answer: name(item) }));
        button.addEventListener("click", () => move(item, by));
        item.append(button);
      }
    }
  }

  // How many points are left.
  const sums = [...form.querySelectorAll("[data-points]")].filter((points) => points.dataset.points).map((points) => {
    const sum = points.querySelector(".points-sum"), all = Number(points.dataset.points);
    sum.hidden = false;
    return () => {
      const spent = [...points.querySelectorAll("input")].filter((input) => !input.closest("[hidden]")).reduce((total, input) => total + (Number(input.value) || 0), 0);
      const text = spent === all ? points.dataset.done : spent < all ? points.dataset.left : points.dataset.over;
      sum.textContent = text.replace(/\{(\w+)\}/g, (_, key) => ({ spent, all, left: all - spent, over: spent - all })[key]);
      sum.classList.toggle("over", spent > all);
    };
  });

  const follow = (event) => {
    if (event) settle(event.target);
    decide();
    say();
    sums.forEach((sum) => sum());
  };
  form.addEventListener("input", follow);
  form.addEventListener("change", follow);
  follow();
}

// A link of a receipt or of saved answers carries its code behind the #, which no server sees.
for (const field of document.querySelectorAll('form[action$="/riprendi"] input[name=code], form[action$="/ricevuta"] input[name=code]')) {
  const code = decodeURIComponent(window.location.hash.slice(1));
  if (/^[A-Za-z0-9-]{16,24}$/.test(code)) {
    field.value = code;
    window.history.replaceState(null, "", window.location.pathname);
  }
}
