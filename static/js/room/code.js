// The code of a half minute, made from the session's key: the same in participants/room.py, and a test holds them together.

const ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"; // no 0/O and no 1/I, as in privacy/codes.py
export const STEP = 30000; // milliseconds

export const stepAt = (milliseconds) => Math.floor(milliseconds / STEP);

export const openKey = (base64) => {
  const secret = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
  return crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
};

export async function codeOf(key, step) {
  const message = new DataView(new ArrayBuffer(8));
  message.setBigUint64(0, BigInt(step));
  const digest = new DataView(await crypto.subtle.sign("HMAC", key, message));
  const bits = digest.getUint32(0) >>> 2; // the first 30 bits, five for each character
  return [25, 20, 15, 10, 5, 0].map((place) => ALPHABET[(bits >>> place) & 31]).join("");
}
