// Sends answers as they are given and the whole when it is finished; without a network it waits and tries again.

const PATIENCE = 12_000; // milliseconds for one try
const PAUSES = [2, 5, 15, 30, 60]; // seconds between tries

export class Sending {
  constructor(form, kept, { onState, onDone, onRefused }) {
    Object.assign(this, { form, kept, onState, onDone, onRefused, tries: 0, timer: 0, isBusy: false });
    addEventListener("online", () => this.now());
    document.addEventListener("visibilitychange", () => document.hidden || this.now());
  }

  /** Send what waits, at once. */
  async now() {
    if (this.isBusy) return;
    clearTimeout(this.timer);
    const { finished, unsent } = this.kept.now;
    if (!finished && !unsent.length) return this.onState("saved");
    this.isBusy = true;
    const outcome = await (finished ? this.#finish() : this.#save());
    this.isBusy = false;
    if (outcome === "again") {
      const pause = PAUSES[Math.min(this.tries++, PAUSES.length - 1)];
      this.timer = setTimeout(() => this.now(), pause * 1000);
      this.onState("waiting");
    } else if (outcome === "saved") {
      this.tries = 0;
      if (this.kept.now.unsent.length || this.kept.now.finished) this.now();
      else this.onState("saved");
    }
  }

  async #save() {
    const answers = Object.fromEntries(this.kept.now.unsent.map((name) => [name, this.kept.now.answers[name]]));
    const response = await this.#post(this.form.dataset.save, answers);
    if (!response || response.status >= 500) return "again";
    const told = await response.json().catch(() => null);
    if (!told) return "again"; // somebody else's page: a network that wants something first
    if (told.outcome === "saved") {
      this.kept.sent(answers, told.now);
      return "saved";
    }
    this.onRefused(told);
    return "refused";
  }

  async #finish() {
    const { answers, finished, gaps } = this.kept.now;
    const more = { waited: [String(Math.max(Date.now() - finished, 0))], ...(gaps ? { with_gaps: ["yes"] } : {}) };
    const response = await this.#post(this.form.dataset.finish, { ...answers, ...more });
    if (!response || response.status >= 500) return "again";
    const told = await response.json().catch(() => null);
    if (!told) return "again";
    if (told.outcome === "submitted") {
      this.kept.forget();
      this.onDone(told.page);
    } else this.onRefused(told);
    return "done";
  }

  async #post(address, fields) {
    const body = new URLSearchParams({ attempt: this.kept.now.attempt });
    for (const [name, values] of Object.entries(fields)) for (const value of values.length ? values : [""]) body.append(name, value);
    try {
      const signal = AbortSignal.timeout(PATIENCE);
      return await fetch(address, { method: "POST", body, signal, redirect: "error", cache: "no-store", credentials: "omit" });
    } catch {
      return null;
    }
  }
}
