// Passkeys: the options come as JSON in the page, the answer goes back in a hidden field.
//   <form data-passkey="create" data-passkey-options="script-id">  adds a key when it is sent
//   <form data-passkey="get" data-passkey-options="script-id">     confirms with a key when it is sent
//   <form data-passkey="get" data-passkey-url="/…">                signs in: the options are asked for
import { each, word } from "./page.js";
import { toast } from "./toast.js";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");
const keys = (list) => list?.map((key) => ({ ...key, id: bytes(key.id) }));

function forCreation({ publicKey }, alone) {
  const selection = { ...publicKey.authenticatorSelection };
  if (alone !== undefined) {
    selection.residentKey = alone ? "required" : "discouraged";
    selection.requireResidentKey = alone;
    if (alone) selection.userVerification = "required";
  }
  return {
    ...publicKey,
    authenticatorSelection: selection,
    challenge: bytes(publicKey.challenge),
    user: { ...publicKey.user, id: bytes(publicKey.user.id) },
    excludeCredentials: keys(publicKey.excludeCredentials),
  };
}

function forRequest({ publicKey }) {
  return { ...publicKey, challenge: bytes(publicKey.challenge), allowCredentials: keys(publicKey.allowCredentials) };
}

function plain(credential) {
  const { response } = credential;
  const answer = { clientDataJSON: text(response.clientDataJSON) };
  if (response.attestationObject) {
    answer.attestationObject = text(response.attestationObject);
    answer.transports = response.getTransports?.() ?? [];
  } else {
    answer.authenticatorData = text(response.authenticatorData);
    answer.signature = text(response.signature);
    answer.userHandle = response.userHandle ? text(response.userHandle) : null;
  }
  return {
    type: credential.type,
    id: credential.id,
    rawId: text(credential.rawId),
    authenticatorAttachment: credential.authenticatorAttachment,
    response: answer,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function options(form) {
  if (form.dataset.passkeyUrl) {
    const answer = await fetch(form.dataset.passkeyUrl, { headers: { Accept: "application/json" } });
    return (await answer.json()).request_options;
  }
  const given = JSON.parse(document.getElementById(form.dataset.passkeyOptions).textContent);
  return given.creation_options ?? given.request_options ?? given;
}

each("form[data-passkey]", (form) => {
  if (!window.PublicKeyCredential) {
    form.hidden = true;
    return;
  }
  form.addEventListener("submit", async (event) => {
    const field = form.elements.credential;
    if (field.value) return;
    event.preventDefault();
    try {
      const asked = await options(form);
      const credential =
        form.dataset.passkey === "create"
          ? await navigator.credentials.create({ publicKey: forCreation(asked, form.elements.passwordless?.checked) })
          : await navigator.credentials.get({ publicKey: forRequest(asked) });
      field.value = JSON.stringify(plain(credential));
      form.requestSubmit();
    } catch (error) {
      toast(word(error.name === "NotAllowedError" ? "passkeyStopped" : "passkeyFailed"), { level: "warning" });
    }
  });
});
