// Questions of the office put in order by dragging; the buttons beside each do the same without this.
const form = document.querySelector("[data-ordering-form]");
const lists = [...document.querySelectorAll("[data-ordering]")];
let dragged = null;

const send = (list) => {
  form.elements.question.value = dragged.dataset.code;
  form.elements.to.value = list.closest("[data-section]").dataset.section;
  form.elements.place.value = [...list.children].indexOf(dragged);
  form.requestSubmit();
};

// Where in a list something dropped at this height goes: before the first that lies lower.
const below = (list, y) => [...list.children].find((item) => {
  const box = item.getBoundingClientRect();
  return item !== dragged && y < box.top + box.height / 2;
});

for (const list of form ? lists : []) {
  for (const item of list.children) {
    const handle = document.createElement("span");
    handle.className = "questionnaire-handle";
    handle.draggable = true;
    handle.title = form.dataset.handle;
    handle.setAttribute("aria-hidden", "true");
    handle.textContent = "⠿";
    handle.addEventListener("dragstart", (event) => {
      dragged = item;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setDragImage(item, 0, 0);
      item.classList.add("dragged");
    });
    handle.addEventListener("dragend", () => {
      item.classList.remove("dragged");
      dragged = null;
    });
    item.prepend(handle);
  }
  list.addEventListener("dragover", (event) => {
    if (!dragged) return;
    event.preventDefault();
    list.insertBefore(dragged, below(list, event.clientY) ?? null);
  });
  list.addEventListener("drop", (event) => {
    if (!dragged) return;
    event.preventDefault();
    send(list);
  });
}
