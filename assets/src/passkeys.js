// Passkeys, on the two pages that ask for them. A form with `data-passkey` is shown where the browser has passkeys and
// their standard JSON; its button asks the browser, and what the browser answers is sent with the form. Without this file,
// and in older browsers, the app's codes remain, or for those who need a passkey what `data-no-passkeys` says.

const Key = window.PublicKeyCredential;
const ask = {
  new: (options) => navigator.credentials.create({ publicKey: Key.parseCreationOptionsFromJSON(options) }),
  use: (options) => navigator.credentials.get({ publicKey: Key.parseRequestOptionsFromJSON(options) }),
};

const isAddress = /^[0-9.]+$/.test(window.location.hostname); // passkeys belong to a name, never to a number
for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!Key?.parseCreationOptionsFromJSON || isAddress) continue;
  form.closest("[data-passkeys]").hidden = false;
  document.querySelector("[data-no-passkeys]")?.remove();
  const failed = form.querySelector("[data-failed]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    failed.hidden = true;
    try {
      const answer = await ask[form.dataset.passkey](JSON.parse(form.dataset.options));
      form.elements.namedItem("answer").value = JSON.stringify(answer); // by the key's own toJSON
      form.submit();
    } catch {
      delete form.dataset.sent;
      failed.hidden = false;
      failed.focus();
    }
  });
}
