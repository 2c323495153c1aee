// Seals the answer in the page and hands it over as a file. Sends nothing: the page's policy forbids it any connection.
// HPKE (RFC 9180), base mode, DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM; same bytes as sealing.py.
"use strict";
(() => {
  const form = document.getElementById("questionnaire");
  const status = document.getElementById("etat");
  const button = document.getElementById("chiffrer");
  // Without WebCrypto the form still works: its button sends to the receiver, when there is one.
  if (!window.isSecureContext || !window.crypto || !window.crypto.subtle) return;
  button.disabled = false;

  const subtle = window.crypto.subtle;
  const bytes = (text) => new TextEncoder().encode(text);
  const join = (...parts) => {
    const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    parts.reduce((at, part) => { all.set(part, at); return at + part.length; }, 0);
    return all;
  };
  const hex = (array) => Array.from(array, (one) => one.toString(16).padStart(2, "0")).join("");
  const hmac = async (secret, message) => {
    const key = await subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    return new Uint8Array(await subtle.sign("HMAC", key, message));
  };

  // RFC 9180, section 4. An empty salt is 32 zeros to HMAC; every output fits in one block.
  const NOTHING = new Uint8Array(0);
  const ZEROS = new Uint8Array(32);
  const KEM = join(bytes("KEM"), [0, 0x10]);
  const HPKE = join(bytes("HPKE"), [0, 0x10, 0, 1, 0, 2]);
  const extract = (suite, salt, label, input) => hmac(salt, join(bytes("HPKE-v1"), suite, bytes(label), input));
  const expand = async (suite, secret, label, info, size) => {
    const block = await hmac(secret, join([0, size], bytes("HPKE-v1"), suite, bytes(label), info, [1]));
    return block.slice(0, size);
  };

  async function encapsulated(receiver) {
    const curve = { name: "ECDH", namedCurve: "P-256" };
    const theirs = await subtle.importKey("raw", receiver, curve, false, []);
    const ours = await subtle.generateKey(curve, false, ["deriveBits"]);
    const point = new Uint8Array(await subtle.exportKey("raw", ours.publicKey));
    const shared = new Uint8Array(await subtle.deriveBits({ name: "ECDH", public: theirs }, ours.privateKey, 256));
    const secret = await extract(KEM, ZEROS, "eae_prk", shared);
    return [point, await expand(KEM, secret, "shared_secret", join(point, receiver), 32)];
  }

  async function sealed(plain, receiver) {
    const id = new Uint8Array(await subtle.digest("SHA-256", receiver)).slice(0, 8);
    const head = join(bytes("EGIDE-REPONSE-1\n"), id);
    const [point, shared] = await encapsulated(receiver);
    const context = join(
      [0],
      await extract(HPKE, ZEROS, "psk_id_hash", NOTHING),
      await extract(HPKE, ZEROS, "info_hash", head),
    );
    const secret = await extract(HPKE, shared, "secret", NOTHING);
    const raw = await expand(HPKE, secret, "key", context, 32);
    const nonce = await expand(HPKE, secret, "base_nonce", context, 12);
    const key = await subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt"]);
    return join(head, point, new Uint8Array(await subtle.encrypt({ name: "AES-GCM", iv: nonce }, key, plain)));
  }

  function padded(content) {
    const plain = bytes(JSON.stringify(content));
    let size = 16384;
    while (size < plain.length + 4) size *= 2;
    const all = new Uint8Array(size);
    new DataView(all.buffer).setUint32(0, plain.length);
    all.set(plain, 4);
    return all;
  }

  // What is hidden is not asked: an answer left in a part that was closed again stays here.
  const filled = () =>
    Array.from(form.elements)
      .filter((one) => one.name && one.value.trim() && one.getClientRects().length > 0)
      .filter((one) => one.checked || (one.type !== "radio" && one.type !== "checkbox"))
      .map((one) => [one.name, one.value]);

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const fields = filled();
    if (fields.length === 0) {
      status.textContent = "Rien n’est rempli\u00a0: il n’y a rien à chiffrer.";
      return;
    }
    try {
      const number = hex(window.crypto.getRandomValues(new Uint8Array(16)));
      const content = { questionnaire: form.dataset.version, number, fields };
      const receiver = Uint8Array.from(atob(form.dataset.point), (one) => one.charCodeAt(0));
      const file = new Blob([await sealed(padded(content), receiver)], { type: "application/octet-stream" });
      const link = document.createElement("a");
      link.href = URL.createObjectURL(file);
      link.download = `reponse-${hex(window.crypto.getRandomValues(new Uint8Array(4)))}.egide`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60000);
      status.textContent = `Le fichier chiffré ${link.download} est enregistré avec vos téléchargements. Il reste à l’envoyer.`;
    } catch {
      status.textContent = "Le fichier n’a pas pu être fait. Rien n’est parti. Essayez un autre navigateur, ou le papier.";
    }
  });
})();
