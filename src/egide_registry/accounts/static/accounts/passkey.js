/* Passkeys: asks the authenticator for what the form's data-options say, puts its answer in the form, sends the form.
   Without script or without WebAuthn these forms stay hidden; a one-time password does the same. */
"use strict";

(() => {
  if (!window.PublicKeyCredential) return;

  function bytes(text) {
    const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
  }

  function text(buffer) {
    const plain = String.fromCharCode(...new Uint8Array(buffer));
    return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  }

  function listed(descriptors) {
    return (descriptors || []).map((one) => ({ ...one, id: bytes(one.id) }));
  }

  async function create(options) {
    options.challenge = bytes(options.challenge);
    options.user.id = bytes(options.user.id);
    options.excludeCredentials = listed(options.excludeCredentials);
    const made = await navigator.credentials.create({ publicKey: options });
    return answer(made, {
      attestationObject: text(made.response.attestationObject),
      transports: made.response.getTransports ? made.response.getTransports() : [],
    });
  }

  async function get(options) {
    options.challenge = bytes(options.challenge);
    options.allowCredentials = listed(options.allowCredentials);
    const signed = await navigator.credentials.get({ publicKey: options });
    return answer(signed, {
      authenticatorData: text(signed.response.authenticatorData),
      signature: text(signed.response.signature),
      userHandle: signed.response.userHandle ? text(signed.response.userHandle) : null,
    });
  }

  function answer(credential, more) {
    return {
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      authenticatorAttachment: credential.authenticatorAttachment,
      clientExtensionResults: credential.getClientExtensionResults(),
      response: { clientDataJSON: text(credential.response.clientDataJSON), ...more },
    };
  }

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const field = form.querySelector("input[name$=credential]");
    const error = form.querySelector("[data-passkey-error]");
    form.hidden = false;
    field.value = "";
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      error.hidden = true;
      try {
        const ask = form.dataset.passkey === "create" ? create : get;
        field.value = JSON.stringify(await ask(JSON.parse(form.dataset.options)));
        form.submit();
      } catch {
        error.hidden = false;
      }
    });
  }
})();
