// Passkeys: the one thing here that needs JavaScript, because the browser itself talks to the device.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const described = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

const ceremonies = {
  create: (o) => navigator.credentials.create({ publicKey: {
    ...o, challenge: bytes(o.challenge), user: { ...o.user, id: bytes(o.user.id) }, excludeCredentials: described(o.excludeCredentials) } }),
  get: (o) => navigator.credentials.get({ publicKey: {
    ...o, challenge: bytes(o.challenge), allowCredentials: described(o.allowCredentials) } }),
};

const answered = ({ id, rawId, type, response }) => JSON.stringify({
  id, rawId: text(rawId), type,
  response: Object.fromEntries(["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]
    .filter((name) => response[name]).map((name) => [name, text(response[name])])),
});

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const said = form.querySelector("[data-said]");
  form.querySelector("[data-with-script]").hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    said.textContent = "";
    try {
      const answer = await fetch(form.dataset.options, { method: "POST", body: new FormData(form) });
      if (!answer.ok) throw new Error(String(answer.status));
      form.elements.credential.value = answered(await ceremonies[form.dataset.passkey](await answer.json()));
      form.submit();
    } catch {
      said.textContent = form.dataset.failed;
    }
  });
}
