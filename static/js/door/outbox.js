// The queue of what happened at the door. An item leaves it only when a well-formed answer of the server names its id:
// a captive portal's 200, a timeout, an error page prove nothing, and sending again does no harm, for the server takes
// the same id twice for one. One item that cannot be sent never holds up the others.

const MOST_AT_ONCE = 100;
const PATIENCE = 15000; // milliseconds for one request
const BACK_OFF = [1000, 2000, 4000, 8000, 15000, 30000, 60000];
const REFUSALS = 10; // error pages in a row: enough to find one bad item among a hundred; then it is the server
const ENDED = 600000; // the server hears this phone no more: seldom, and never before what another event still needs
const LOOK_AGAIN = 30000; // for what another tab has left behind

export class Outbox extends EventTarget {
  // `request(session, body, signal)` posts a body and gives a Response; `now()` is the phone's clock.
  // Events: "count" (detail: how many are unsent), "answer" ({item, answer}), "sync" ({at, offset}), "trouble" (kind).
  // For tests: `pace` shortens the waits between requests, `patience` is how long one may take.
  constructor({ store, name = "door", request, now = Date.now, pace = 1, patience = PATIENCE, mostAtOnce = MOST_AT_ONCE }) {
    super();
    Object.assign(this, { store, name, request, now, pace, patience, mostAtOnce });
    this.failures = this.refusals = 0;
    this.batch = mostAtOnce;
    this.later = new Map(); // id -> {tries, at}: items that could not be sent by themselves
    this.channel = new BroadcastChannel(`outbox:${name}`);
    this.channel.onmessage = ({ data }) => this.#heard(data);
    this.awake = setInterval(() => this.flush(), LOOK_AGAIN * pace);
    globalThis.addEventListener?.("online", this.wake);
  }

  // Someone or something says that the network may be back.
  wake = () => {
    this.failures = 0;
    return this.flush();
  };

  close() {
    clearInterval(this.awake);
    clearTimeout(this.timer);
    globalThis.removeEventListener?.("online", this.wake);
    this.isClosed = true;
    this.channel.close();
  }

  // Keep an item; when the promise is fulfilled it is on the phone's disk.
  async add(item) {
    const change = this.store.transaction("queue", "readwrite", { durability: "strict" });
    await change.store.add(item);
    await change.done;
    this.#tell({ kind: "added" });
    await this.#count();
    this.flush();
  }

  async items() {
    return this.store.getAll("queue");
  }

  async count() {
    return this.store.count("queue");
  }

  // Send what can be sent. Of all tabs of this phone one sends at a time; the others' items go along.
  async flush() {
    if (this.isClosed || this.isPaused) return;
    if (this.isSending) {
      this.isAskedAgain = true;
      return;
    }
    this.isSending = true;
    try {
      do {
        this.isAskedAgain = false;
        await navigator.locks.request(`outbox:${this.name}`, { ifAvailable: true }, async (lock) => {
          while (lock && (await this.#sendSome())); // without it another tab is at it, and hears of what is added
        });
      } while (this.isAskedAgain && !this.isClosed); // also while the lock was being given back
    } finally {
      this.isSending = false;
    }
    await this.#plan();
  }

  // Send one batch; whether to go on at once.
  async #sendSome() {
    if (this.isClosed || this.isPaused) return false;
    const items = await this.#next();
    if (items.length === 0) return false;
    const result = await this.#post(items);
    if (this.isClosed) return false;
    if (result.answers) return this.#settle(items, result);
    return this.#cope(items, result.trouble);
  }

  // The oldest items of one session that may be sent now. Where one waits, what came after it about the same badge waits
  // with it: somebody who was let in, sent away and let in again is here.
  async #next() {
    const behind = new Set();
    const badge = ({ session, code }) => code && `${session} ${code}`;
    const ready = (await this.items()).filter((item) => {
      if (item.rejected) return false;
      const isFree = !this.#waits(item) && !behind.has(item.undoes) && !behind.has(badge(item));
      if (!isFree) behind.add(item.id).add(badge(item) || item.id);
      return isFree;
    });
    return ready.filter((item) => item.session === ready[0].session).slice(0, this.batch);
  }

  // By a clock that nobody sets: the phone's own may be put back by days.
  #waits(item) {
    return this.later.get(item.id)?.at > performance.now();
  }

  async #post(items) {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), this.patience);
    const sentAt = this.now();
    const body = {
      sent_at: new Date(sentAt).toISOString(),
      unsent: (await this.count()) - items.length,
      scans: items.map(({ seq, session, rejected, ...item }) => item),
    };
    try {
      const response = await this.request(items[0].session, body, abort.signal);
      const content = await response.json().catch(() => null);
      if (response.ok && Array.isArray(content?.answers)) return { answers: content.answers, now: content.now, sentAt };
      // Our own refusals are JSON with a word for them; anything else is somebody between us.
      const isOurs = !response.ok && typeof content?.error === "string";
      if (isOurs && [401, 403].includes(response.status)) return { trouble: "ended" };
      return { trouble: response.ok ? "stranger" : "items" };
    } catch {
      return { trouble: "network" };
    } finally {
      clearTimeout(timer);
    }
  }

  async #settle(items, { answers, now, sentAt }) {
    const sent = new Map(items.map((item) => [item.id, item]));
    const named = answers.filter((answer) => typeof answer?.outcome === "string" && sent.has(answer?.id));
    const change = this.store.transaction("queue", "readwrite", { durability: "strict" });
    for (const answer of named) {
      const item = sent.get(answer.id);
      // What the server cannot read stays, for the file that can be saved; it is not sent again.
      if (answer.outcome === "malformed") await change.store.put({ ...item, rejected: true });
      else await change.store.delete(item.seq);
    }
    await change.done;
    for (const answer of named) {
      this.later.delete(answer.id);
      this.#say("answer", { item: sent.get(answer.id), answer });
      this.#tell({ kind: "answer", item: sent.get(answer.id), answer });
    }
    await this.#count();
    if (named.length === 0) return this.#cope(items, "network"); // well-formed, but not about us
    this.failures = this.refusals = 0;
    this.batch = Math.min(this.batch * 2, this.mostAtOnce);
    const offset = Date.parse(now) - (sentAt + this.now()) / 2;
    this.#say("sync", { at: this.now(), offset: Number.isFinite(offset) ? Math.round(offset) : null });
    return true;
  }

  // Nothing came of a batch. Whether another try makes sense at once.
  #cope(items, trouble) {
    this.#say("trouble", trouble);
    if (trouble === "ended") return this.#putOff(items, ENDED);
    this.refusals += 1;
    if (trouble !== "items" || this.refusals > REFUSALS) {
      this.refusals = 0;
      this.failures += 1;
      return false;
    }
    if (items.length > 1) {
      this.batch = Math.ceil(items.length / 2); // perhaps one of them is the reason: find it
      return true;
    }
    return this.#putOff(items);
  }

  // These wait, the others go on.
  #putOff(items, wait) {
    for (const { id } of items) {
      const tries = (this.later.get(id)?.tries ?? 0) + 1;
      this.later.set(id, { tries, at: performance.now() + (wait ?? this.#wait(tries)) });
    }
    return true;
  }

  // When to try again: soon after the first failure, ever more patiently, and never all phones together.
  async #plan() {
    clearTimeout(this.timer);
    if (this.isClosed || this.isPaused || (await this.count()) === 0) return;
    const waits = [...this.later.values()].map((item) => item.at - performance.now()).filter((wait) => wait > 0);
    const wait = this.failures > 0 ? this.#wait(this.failures) : Math.min(LOOK_AGAIN * this.pace, ...waits);
    this.timer = setTimeout(() => this.flush(), Math.max(wait, 20 * this.pace));
  }

  #wait(failures) {
    return BACK_OFF[Math.min(failures, BACK_OFF.length) - 1] * this.pace * (0.75 + Math.random() / 2);
  }

  async #count() {
    if (this.isClosed) return;
    this.#say("count", await this.count());
    this.#tell({ kind: "count" });
  }

  #say(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  #tell(message) {
    if (!this.isClosed) this.channel.postMessage(message);
  }

  async #heard({ kind, item, answer }) {
    if (this.isClosed) return;
    if (kind === "added") this.flush();
    if (kind === "answer") this.#say("answer", { item, answer });
    if (kind !== "added") this.#say("count", await this.count());
  }
}
