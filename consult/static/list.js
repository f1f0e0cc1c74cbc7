// A list is renewed while somebody types or chooses; without this script the button does the same.
const form = document.querySelector("[data-list-form]");
if (form) {
  const CALM = 250; // after the last key, in milliseconds
  const status = form.querySelector("[data-list-status]");
  let timer = 0;
  let asking = new AbortController();

  const address = () => {
    const asked = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
    const query = asked.toString();
    return query ? `${form.action}?${query}` : form.action;
  };

  async function renew() {
    asking.abort();
    asking = new AbortController();
    const target = address();
    try {
      const answer = await fetch(`${target}${target.includes("?") ? "&" : "?"}parte=elenco`, { signal: asking.signal });
      const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-list]");
      if (!answer.ok || !found) { form.submit(); return; }
      document.querySelector("[data-list]").replaceWith(found);
      history.replaceState(null, "", target);
      status.textContent = (found.querySelector("[data-list-found]") || found.querySelector(".empty"))?.textContent ?? "";
    } catch (fault) {
      if (fault.name !== "AbortError") form.submit();
    }
  }

  const later = (delay) => { clearTimeout(timer); timer = setTimeout(renew, delay); };
  form.addEventListener("input", (event) => later(event.target.type === "search" ? CALM : 0));
  form.addEventListener("submit", () => clearTimeout(timer));
}
