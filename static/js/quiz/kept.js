// What the phone keeps of a quiz: answers by the name of their field, and which of them are not sent yet. It is written
// at once and whole, so that a phone that is switched off loses nothing, and it holds no name and no question.

const EMPTY = { attempt: "", known: 0, changed: 0, answers: {}, unsent: [], finished: 0, gaps: false };

export class Kept {
  constructor(key) {
    this.key = key;
    const found = this.#read();
    this.isThere = found !== null;
    this.now = { ...structuredClone(EMPTY), ...found };
  }

  /** Keep an answer: its values as the form would send them. */
  answer(name, values) {
    this.now.answers[name] = values;
    this.now.changed = Date.now();
    if (!this.now.unsent.includes(name)) this.now.unsent.push(name);
    this.write();
  }

  /** These answers, as they were when they were sent, are known by the server; `now` is the moment by its clock. */
  sent(answers, now) {
    this.now.known = Math.max(this.now.known, now);
    const same = (name) => JSON.stringify(answers[name]) === JSON.stringify(this.now.answers[name]);
    this.now.unsent = this.now.unsent.filter((name) => !(name in answers && same(name)));
    this.write();
  }

  write() {
    try {
      localStorage.setItem(this.key, JSON.stringify(this.now));
    } catch {
      // A phone without room or in private mode keeps nothing; the server does, answer by answer.
    }
  }

  forget() {
    this.now = structuredClone(EMPTY);
    try {
      localStorage.removeItem(this.key);
    } catch {
      /* nothing was kept */
    }
  }

  #read() {
    try {
      return JSON.parse(localStorage.getItem(this.key));
    } catch {
      return null;
    }
  }
}

/** A new id of an attempt: 12 random bytes as 16 letters. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_");
}
