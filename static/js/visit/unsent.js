// What the phone could not send yet, by the name of the field. It lies on the phone under a key that comes with the page
// and is kept nowhere: who finds the phone without the page reads nothing. Where the browser cannot encrypt (a page
// without TLS) it stays in the open page only.

const ALGORITHM = "AES-GCM";

export class Unsent {
  #fields = {};
  #place;
  #key = null;
  #writing = Promise.resolve();

  constructor(visit) {
    this.#place = `visit ${visit}`;
  }

  /** What an earlier page of this visit left behind. */
  async open(key) {
    if (!globalThis.crypto?.subtle) return;
    const bytes = Uint8Array.from(atob(key), (letter) => letter.charCodeAt(0));
    this.#key = await crypto.subtle.importKey("raw", bytes, ALGORITHM, false, ["encrypt", "decrypt"]);
    try {
      const kept = Uint8Array.from(atob(localStorage.getItem(this.#place)), (letter) => letter.charCodeAt(0));
      const plain = await crypto.subtle.decrypt({ name: ALGORITHM, iv: kept.slice(0, 12) }, this.#key, kept.slice(12));
      this.#fields = { ...JSON.parse(new TextDecoder().decode(plain)), ...this.#fields };
    } catch {
      // Nothing was kept, or it is of another installation.
    }
  }

  get fields() {
    return { ...this.#fields };
  }

  get isEmpty() {
    return !Object.keys(this.#fields).length;
  }

  put(name, value) {
    this.#fields[name] = value;
    return this.#write();
  }

  /** The server has these values; what was changed meanwhile stays. */
  sent(values) {
    for (const [name, value] of Object.entries(values)) if (this.#fields[name] === value) delete this.#fields[name];
    return this.#write();
  }

  #write() {
    // One after the other, so that the last state is the one that stays.
    return (this.#writing = this.#writing.then(() => this.#writeNow()).catch(() => {}));
  }

  async #writeNow() {
    if (this.isEmpty) return localStorage.removeItem(this.#place);
    if (!this.#key) return;
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const plain = new TextEncoder().encode(JSON.stringify(this.#fields));
    const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: ALGORITHM, iv }, this.#key, plain));
    localStorage.setItem(this.#place, btoa(String.fromCharCode(...iv, ...sealed)));
  }
}
