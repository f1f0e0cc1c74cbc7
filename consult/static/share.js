// What a device can do to pass a page on; without this script the address is there to be copied by hand.
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  const field = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
      document.querySelector("[data-copied]").textContent = button.dataset.done;
    } catch {
      field.focus();
      field.select();
    }
  });
}
for (const button of document.querySelectorAll("[data-pass-on]")) {
  if (!navigator.share) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    navigator.share({ title: button.dataset.title, url: button.dataset.passOn }).catch(() => { /* changed their mind */ });
  });
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
