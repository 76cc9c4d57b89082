// Who is here, as far as this phone knows: what the server said last, and what was read here since. Codes only.

import { keep, kept } from "./store.js";

export class Attendance extends EventTarget {
  constructor(store, device) {
    super();
    Object.assign(this, { store, device, session: undefined, heard: new Set(), here: new Map() });
  }

  // Look at another session.
  async open(session) {
    this.session = session;
    this.heard = new Set((await kept(this.store, "heard"))?.[session]);
    const seen = await this.store.getAll("seen", IDBKeyRange.bound([session, ""], [session, "\uffff"]));
    this.here = new Map(seen.map((row) => [row.code, row]));
    this.#changed();
    return this.refresh();
  }

  async refresh() {
    const session = this.session;
    const present = session && (await this.device.presences(session));
    if (!present || session !== this.session) return;
    this.heard = new Set(present);
    await keep(this.store, "heard", { ...(await kept(this.store, "heard")), [session]: present });
    this.#changed();
  }

  // Somebody was read here; what stands for them is their code, or the item's id for somebody new.
  async note(code, item) {
    const row = { session: item.session, code, at: item.happened_at, item: item.id };
    await this.store.put("seen", row);
    if (item.session === this.session) this.here.set(code, row);
    this.#changed();
  }

  // It came to nothing, or was taken back.
  async strike(code, session) {
    await this.store.delete("seen", [session, code]);
    if (session === this.session) {
      this.here.delete(code);
      this.heard.delete(code);
    }
    this.#changed();
  }

  isHere(code) {
    return this.here.get(code) ?? (this.heard.has(code) ? {} : null);
  }

  get present() {
    return new Set([...this.heard, ...this.here.keys()]).size;
  }

  missing() {
    return [...this.device.expected()].filter((code) => !this.isHere(code)).sort();
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}
