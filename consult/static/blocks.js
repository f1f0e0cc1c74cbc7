// Puts a line in double braces where the cursor is. Without this the server puts it at the end of the text.
for (const button of document.querySelectorAll("[data-insert]")) {
  button.addEventListener("click", (event) => {
    const { elements } = button.form;
    const text = elements[button.dataset.insert];
    event.preventDefault();
    const at = text.selectionEnd || text.value.length; // nobody was in the text yet
    const before = text.value.slice(0, at).trimEnd();
    const after = text.value.slice(at).trimStart();
    const line = elements.block.value;
    text.value = [before, line, after].filter(Boolean).join("\n\n");
    const place = (before ? before.length + 2 : 0) + line.length;
    text.focus();
    text.setSelectionRange(place, place);
    text.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
