// What is selected in the text comes into the field of the passage; without it one copies it there.
const field = document.querySelector("[name=passage]");
const texts = [...document.querySelectorAll("[data-redactable]")];
document.querySelector("[data-selecting]").hidden = false;
document.addEventListener("selectionchange", () => {
  const selected = getSelection();
  const within = texts.find((text) => text.contains(selected.anchorNode) && text.contains(selected.focusNode));
  const words = selected.toString().trim();
  if (within && words) field.value = words;
});
