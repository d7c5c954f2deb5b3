// Asks the device for a passkey and puts its answer into the form. Without this script the pages offer password and code.
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const listed = (keys) => (keys || []).map((key) => ({ ...key, id: bytes(key.id) }));

  async function told(offer, form) {
    const asked = { purpose: offer.dataset.passkey, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value };
    const answer = await fetch(offer.dataset.options, { method: "POST", body: new URLSearchParams(asked) });
    if (!answer.ok) throw new Error(answer.status);
    return (await answer.json()).publicKey;
  }

  async function made(options) {
    const user = { ...options.user, id: bytes(options.user.id) };
    const publicKey = { ...options, user, challenge: bytes(options.challenge), excludeCredentials: listed(options.excludeCredentials) };
    const key = await navigator.credentials.create({ publicKey });
    return { key, response: { attestationObject: text(key.response.attestationObject) } };
  }

  async function signed(options) {
    const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: listed(options.allowCredentials) };
    const key = await navigator.credentials.get({ publicKey });
    const { authenticatorData, signature, userHandle } = key.response;
    const response = { authenticatorData: text(authenticatorData), signature: text(signature) };
    return { key, response: userHandle ? { ...response, userHandle: text(userHandle) } : response };
  }

  async function pressed(offer) {
    const form = offer.closest("form");
    const says = offer.querySelector("[role=status]");
    if (offer.dataset.passkey === "register" && !form.reportValidity()) return;
    says.textContent = "";
    try {
      const options = await told(offer, form);
      const { key, response } = await (options.user ? made(options) : signed(options));
      response.clientDataJSON = text(key.response.clientDataJSON);
      const answer = { id: key.id, rawId: text(key.rawId), type: key.type, response, clientExtensionResults: {} };
      form.elements.passkey.value = JSON.stringify(answer);
    } catch {
      says.textContent = offer.dataset.failed;
      return;
    }
    if (offer.dataset.passkey !== "confirm") return form.submit();
    form.elements.confirm.required = false;
    form.elements.confirm.closest(".field").hidden = true;
    offer.querySelector("button").hidden = true;
    says.textContent = offer.dataset.done;
  }

  for (const offer of document.querySelectorAll("[data-passkey]")) {
    if (!window.PublicKeyCredential || !offer.hidden) continue; // a page may load this file twice
    offer.hidden = false;
    offer.nextElementSibling.hidden = true;
    offer.querySelector("button").addEventListener("click", () => pressed(offer));
  }
})();
