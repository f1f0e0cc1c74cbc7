// The desk of the trace: what is dragged, or taken with the keyboard, only chooses in the two lists what one could
// choose there; how and why is then said in the form.
const desk = document.querySelector("form[data-linking]");
if (desk) {
  const said = desk.querySelector("[data-linking-said]");
  const sources = [...desk.querySelectorAll("[data-source]")];
  const targets = [...desk.querySelectorAll("[data-target]")];
  const radio = (row) => row.querySelector("input[type=radio]");
  const words = (row) => row.querySelector("label").textContent.trim().replace(/\s+/g, " ");
  let taken = null;
  const say = (sentence, row) => { said.textContent = sentence.replace("%s", row ? words(row) : ""); };
  const mark = (row) => {
    if (taken) { taken.classList.remove("taken"); taken.querySelector("[data-pick]").removeAttribute("aria-pressed"); }
    taken = row;
    if (row) { row.classList.add("taken"); row.querySelector("[data-pick]").setAttribute("aria-pressed", "true"); radio(row).checked = true; }
  };
  const drop = (target) => {
    radio(target).checked = true;
    say(desk.dataset.dropped, target);
    mark(null);
    desk.querySelector("[name=relation]").focus();
  };
  const letGo = () => {
    const row = taken;
    mark(null);
    say(desk.dataset.letGo);
    row.querySelector("[data-pick]").focus();
  };
  for (const row of sources) {
    const button = row.querySelector("[data-pick]");
    button.hidden = false;
    button.addEventListener("click", () => {
      if (taken === row) { letGo(); return; }
      mark(row);
      say(desk.dataset.picked, row);
      const first = targets.find((target) => radio(target).checked) || targets[0];
      if (first) radio(first).focus();
    });
    row.draggable = true;
    row.addEventListener("dragstart", (event) => { event.dataTransfer.setData("text/plain", row.dataset.source); event.dataTransfer.effectAllowed = "link"; mark(row); });
    row.addEventListener("dragend", () => mark(null));
  }
  for (const row of targets) {
    row.addEventListener("dragover", (event) => { if (taken) { event.preventDefault(); event.dataTransfer.dropEffect = "link"; row.classList.add("over"); } });
    row.addEventListener("dragleave", () => row.classList.remove("over"));
    row.addEventListener("drop", (event) => { event.preventDefault(); row.classList.remove("over"); if (taken) drop(row); });
    row.addEventListener("keydown", (event) => {
      if (taken && event.key === "Enter" && event.target.type === "radio") { event.preventDefault(); drop(row); }
    });
  }
  desk.addEventListener("keydown", (event) => { if (taken && event.key === "Escape") { event.preventDefault(); letGo(); } });
}
