// Looks for the number that makes the digest of “challenge.number” begin with enough zero bits; see places/proofs.py.

const AT_ONCE = 256;

self.addEventListener("message", async (event) => {
  const { challenge } = event.data;
  const bits = Number(challenge.split(".")[0]);
  const encoder = new TextEncoder();
  for (let start = 0; ; start += AT_ONCE) {
    // Many at once: waiting for each digest by itself takes longer than the digest.
    const numbers = Array.from({ length: AT_ONCE }, (_nothing, step) => start + step);
    const digests = await Promise.all(
      numbers.map((number) => crypto.subtle.digest("SHA-256", encoder.encode(`${challenge}.${number}`))),
    );
    const found = digests.findIndex((digest) => new DataView(digest).getUint32(0) >>> (32 - bits) === 0);
    if (found >= 0) return self.postMessage(String(start + found));
  }
});
