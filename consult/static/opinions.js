// Answering with the keys 1, 2 and 3 while the question has the focus, which it gets when the page opens.
const asked = document.querySelector("[data-opinion]");
if (asked) {
  const buttons = asked.querySelectorAll("button[name=stance]");
  if (!asked.querySelector("[data-focus]")) asked.focus({ preventScroll: true });
  asked.addEventListener("keydown", (event) => {
    const button = event.ctrlKey || event.metaKey || event.altKey ? null : buttons[Number(event.key) - 1];
    if (!button) return;
    event.preventDefault();
    asked.requestSubmit(button);
  });
}
