// Passkeys, on the two pages that ask for them. A form with `data-passkey` is shown where the browser has passkeys; its
// button asks the browser, and what the browser answers is sent with the form. Without this file the app's codes remain.

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_");

const make = async ({ challenge, domain, user, username, known, algorithms }) => {
  const made = await navigator.credentials.create({
    publicKey: {
      challenge: bytes(challenge),
      rp: { id: domain, name: "bostad" },
      user: { id: bytes(user), name: username, displayName: username },
      pubKeyCredParams: algorithms.split(" ").map((alg) => ({ type: "public-key", alg: Number(alg) })),
      excludeCredentials: listed(known),
      authenticatorSelection: { residentKey: "preferred", userVerification: "preferred" },
      attestation: "none",
    },
  });
  const { response } = made;
  return {
    id: text(made.rawId),
    client_data: text(response.clientDataJSON),
    said: text(response.getAuthenticatorData()),
    public_key: text(response.getPublicKey()),
  };
};

const use = async ({ challenge, domain, known }) => {
  const used = await navigator.credentials.get({
    publicKey: {
      challenge: bytes(challenge),
      rpId: domain,
      allowCredentials: listed(known),
      userVerification: "preferred",
    },
  });
  const { response } = used;
  return {
    id: text(used.rawId),
    client_data: text(response.clientDataJSON),
    said: text(response.authenticatorData),
    signature: text(response.signature),
  };
};

const listed = (known) =>
  known.split(" ").filter(Boolean).map((id) => ({ type: "public-key", id: bytes(id) }));

const isAddress = /^[0-9.]+$/.test(window.location.hostname); // passkeys belong to a name, never to a number
for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential || isAddress) continue;
  form.closest("[data-passkeys]").hidden = false;
  const failed = form.querySelector("[data-failed]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    failed.hidden = true;
    try {
      const answer = await (form.dataset.passkey === "new" ? make : use)(form.dataset);
      form.elements.namedItem("answer").value = JSON.stringify(answer);
      form.submit();
    } catch {
      delete form.dataset.sent;
      failed.hidden = false;
      failed.focus();
    }
  });
}
