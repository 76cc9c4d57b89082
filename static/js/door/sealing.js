// Details of a person are sealed for the server before they touch the disk: this phone cannot open them again.
// The same construction as privacy/sealing.py: ECDH on P-256, HKDF-SHA256, AES-256-GCM bound to the item's id.

const CURVE = { name: "ECDH", namedCurve: "P-256" };
const PURPOSE = new TextEncoder().encode("muster sealed on a phone");
const SIZE = 600; // all sealed texts are as long as each other

const bytes = (base64) => Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
const base64 = (content) => btoa(String.fromCharCode(...content));

export async function seal(details, publicKey, id) {
  const point = bytes(publicKey);
  const theirs = await crypto.subtle.importKey("raw", point, CURVE, false, []);
  const ours = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
  const ephemeral = new Uint8Array(await crypto.subtle.exportKey("raw", ours.publicKey));
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, ours.privateKey, 256);
  const agreed = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const salt = new Uint8Array([...ephemeral, ...point]);
  const key = await crypto.subtle.deriveKey({ name: "HKDF", hash: "SHA-256", salt, info: PURPOSE }, agreed, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const text = new TextEncoder().encode(JSON.stringify(details));
  const padded = new Uint8Array(Math.max(SIZE, text.length)).fill(32); // spaces, which JSON does not mind
  padded.set(text);
  const additionalData = new TextEncoder().encode(id);
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData }, key, padded));
  return base64(new Uint8Array([1, ...ephemeral, ...nonce, ...sealed]));
}
