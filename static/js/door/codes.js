// Badge codes as people and cameras give them; the same rules as privacy/codes.py.

const ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const CYRILLIC = { А: "A", В: "B", Е: "E", К: "K", М: "M", Н: "H", Р: "P", С: "C", Т: "T", У: "Y", Х: "X" };

// A code as it was meant: upper case, without spaces and hyphens, Cyrillic look-alikes made Latin.
export function normalised(text) {
  return text.slice(0, 200).toUpperCase().replace(/[ \-–—·.\t\r\n]/g, "").replace(/[А-Я]/g, (sign) => CYRILLIC[sign] ?? sign);
}

// Whether a normalised text is a badge's or a participant's code: ISO 7064 hybrid, here MOD 33,32.
export function isCode(code) {
  if (![6, 12].includes(code.length) || [...code].some((sign) => !ALPHABET.includes(sign))) return false;
  const size = ALPHABET.length;
  let product = size;
  for (const sign of code.slice(0, -1)) {
    const total = ((product % (size + 1)) + ALPHABET.indexOf(sign)) % size || size;
    product = (total * 2) % (size + 1);
  }
  return ALPHABET[(size + 1 - product) % size] === code.at(-1);
}
