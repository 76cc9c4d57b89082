// What is done at the door: a code is taken, somebody new is let in, a mistake is taken back. Everything is on the
// phone's disk before anything is shown; the server's word comes when it comes.

import { isShown, lookOf, show } from "./answers.js";
import { isCode, normalised } from "./codes.js";
import { seal } from "./sealing.js";
import { byId, clockTime, icon, make, word } from "./words.js";

const WAIT_FOR_SERVER = 60; // milliseconds: a good network answers within them, and nobody waits longer
const UNDO_WITHIN = 15 * 60 * 1000;
const REMEMBERED = 6;
const GOOD = ["in", "late", "already_in"];

export class Desk {
  constructor({ store, device, outbox, attendance }) {
    Object.assign(this, { store, device, outbox, attendance, recent: [], isSilent: false, asksFirst: false });
    this.waiting = new Map(); // item id -> what to do with its answer
    outbox.addEventListener("answer", ({ detail }) => this.#answered(detail));
    setInterval(() => this.#list(), 30000); // an undo that is over disappears
  }

  // What was read here lately, from before this page was opened: by codes, for names are not kept.
  async remember() {
    const seen = [...this.attendance.here.values()].sort((one, other) => other.at.localeCompare(one.at));
    this.recent = seen.slice(0, REMEMBERED).map((row) => ({
      item: { id: row.item, session: row.session, happened_at: row.at },
      who: row.code === row.item ? word("walk_in") : row.code,
      code: row.code,
      outcome: "saved",
    }));
    this.#list();
  }

  // A code was read. `source`: camera, wedge, typed, search or manual.
  async take(text, source) {
    const read = performance.now();
    const code = normalised(text);
    const known = await this.device.lookUp(code);
    const who = known?.code ? (this.device.nameOf(known.code) ?? known.code) : isCode(code) ? code : text.slice(0, 40);
    if (this.asksFirst) {
      if (this.isAsking) return; // one question at a time
      this.isAsking = true;
      const answer = await show("ask", { who });
      this.isAsking = false;
      if (answer !== "confirm") return;
    }
    const before = known?.code && this.attendance.here.get(known.code);
    const item = this.#item({ code, source });
    const entry = { item, who, code: known?.code, outcome: this.#guess(known, before) };
    if (before) entry.more = clockTime(before.at);
    entry.read = read;
    await this.#send(entry);
  }

  // Let in somebody whose place is at another event, was cancelled, or is on the waiting list.
  async admit(entry) {
    const item = this.#item({ code: entry.item.code, source: entry.item.source, confirmed: true });
    await this.#send({ item, who: entry.who, code: entry.code, outcome: "saved" });
  }

  // Somebody new, with the code of a blank badge or without.
  async letIn(details, code) {
    const item = this.#item({ code: normalised(code), source: "manual" });
    item.walk_in = await seal(details, this.device.snapshot.seal_with, item.id);
    await this.#send({ item, who: code ? normalised(code) : word("walk_in"), code: item.id, outcome: "saved" });
  }

  async undo(entry) {
    const item = { id: crypto.randomUUID(), session: entry.item.session, code: entry.item.code, undoes: entry.item.id, happened_at: new Date().toISOString() };
    await this.outbox.add(item);
    entry.isUndone = true;
    if (entry.code) await this.attendance.strike(entry.code, item.session);
    this.waiting.set(item.id, (answer) => answer.outcome === "not_undone" && this.#show({ item, outcome: "not_undone", who: entry.who }));
    await this.#show({ ...entry, outcome: "undone", more: "" });
    this.#list();
  }

  #item(values) {
    return { id: crypto.randomUUID(), session: this.attendance.session, happened_at: new Date().toISOString(), ...values };
  }

  // What the phone itself can say of a code: never that somebody is in, for that the server decides.
  #guess(known, before) {
    if (before) return "saved_again";
    if (!known) return "saved_unknown";
    return { revoked: "revoked", blank: "saved_blank", cancelled: "cancelled", waitlisted: "waitlisted" }[known.state] ?? "saved";
  }

  // Keep it, then show: the server's answer if it is quick, else what the phone knows.
  async #send(entry) {
    const answered = new Promise((fulfilled) => this.waiting.set(entry.item.id, fulfilled));
    try {
      await this.outbox.add(entry.item);
    } catch {
      byId("cannot-keep").hidden = false;
      return this.#show({ ...entry, outcome: "not_kept" });
    }
    if (entry.code && entry.outcome !== "revoked") await this.attendance.note(entry.code, entry.item);
    this.recent = [entry, ...this.recent].slice(0, REMEMBERED);
    const isHopeless = !navigator.onLine || this.outbox.failures > 0;
    const quick = isHopeless ? null : await Promise.race([answered, new Promise((over) => setTimeout(over, WAIT_FOR_SERVER))]);
    if (quick) return this.#learn(entry, quick);
    this.#show(entry);
    this.#learn(entry, await answered, { isAfterwards: true });
  }

  #answered({ item, answer }) {
    this.waiting.get(item.id)?.(answer);
    this.waiting.delete(item.id);
    // Of a scan from before this page was opened, or of another tab, only the count changes.
    if (!GOOD.includes(answer.outcome) && answer.outcome !== "under_review" && item.code) this.#strikeByItem(item);
  }

  async #strikeByItem(item) {
    const row = [...this.attendance.here.values()].find((seen) => seen.item === item.id);
    if (row) await this.attendance.strike(row.code, item.session);
  }

  // The server's word on an entry. Good news that comes late changes what is shown only where it is still shown.
  async #learn(entry, answer, { isAfterwards = false } = {}) {
    entry.outcome = answer.outcome;
    if (answer.person) {
      entry.who = answer.person.name ?? answer.person.code;
      entry.more = answer.person.organisation ?? "";
      if (entry.item.walk_in) await this.attendance.strike(entry.code, entry.item.session);
      entry.code = answer.person.code;
      if (GOOD.includes(answer.outcome)) await this.attendance.note(entry.code, entry.item);
    }
    if (answer.first_at) entry.more = clockTime(answer.first_at);
    const isGood = lookOf(answer.outcome).dataset.look === "in";
    if (!isAfterwards || (isShown() && this.shown === entry) || !isGood) await this.#show(entry);
    this.#list();
  }

  async #show(entry) {
    this.shown = entry;
    this.#list();
    const how = await show(entry.outcome, { who: entry.who, more: entry.more ?? "", isSilent: this.isSilent, read: entry.read });
    entry.read = undefined;
    if (how === "admit") await this.admit(entry);
  }

  #list() {
    byId("recent").replaceChildren(...this.recent.map((entry) => this.#line(entry)));
  }

  #line(entry) {
    const look = lookOf(entry.isUndone ? "undone" : entry.outcome);
    const said = make("span", { className: "aside", text: `${clockTime(entry.item.happened_at)} · ${look.dataset.word}` });
    const line = make("li", {}, make("span", { look: look.dataset.look }, icon(entry.isUndone ? "undone" : entry.outcome)), make("span", { className: "who", text: entry.who }, said));
    const isYoung = Date.now() - Date.parse(entry.item.happened_at) < UNDO_WITHIN;
    if (!entry.isUndone && isYoung && ["in", "late", "saved", "saved_unknown"].includes(entry.outcome)) {
      const button = make("button", { text: word("undo") });
      button.type = "button";
      button.addEventListener("click", () => this.undo(entry));
      line.append(button);
    }
    return line;
  }
}
