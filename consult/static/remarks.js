// Words that are selected with finger or mouse are those that are meant; without it they are chosen in the form.
const passage = document.querySelector("[data-passage]");
const field = document.querySelector(".remark-form [name=words]");
const plain = () => getSelection().toString().replace(/\s+/g, " ").trim().slice(0, 2000);

document.addEventListener("selectionchange", () => {
  const selected = getSelection();
  const words = plain();
  if (!words || !selected.anchorNode) return;
  if (passage && field) {
    if (!passage.contains(selected.anchorNode) || !passage.contains(selected.focusNode)) return;
    field.value = words;
    document.querySelector(".remark-form [name=passage][value=parole]").checked = true;
    return;
  }
  const paragraph = selected.anchorNode.parentElement?.closest(".plan-paragraph");
  const link = paragraph?.querySelector("[data-remark]");
  if (!link || !paragraph.querySelector(".prose").contains(selected.focusNode)) return;
  link.search = `?${new URLSearchParams({ parole: words })}`;
  link.textContent = link.dataset.chosen;
});
