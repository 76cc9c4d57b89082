// This phone's own matters: is it ready, rehearse, what comes after a scan, the queue as a file, forgetting.

import { isReady } from "./readiness.js";
import { Outbox } from "./outbox.js";
import { forgetAll, keep, kept, openStore } from "./store.js";
import { byId, icon, make, say, word } from "./words.js";

export class Menu {
  constructor({ store, device, outbox, desk }) {
    Object.assign(this, { store, device, outbox, desk });
  }

  async start() {
    const menu = byId("menu");
    byId("open-menu").addEventListener("click", () => {
      menu.showModal();
      this.#check();
    });
    byId("rehearse").addEventListener("click", () => this.#rehearse());
    byId("end-rehearsal").addEventListener("click", () => this.#endRehearsal());
    byId("send-now").addEventListener("click", () => this.outbox.wake());
    byId("save-file").addEventListener("click", () => this.#saveFile());
    byId("forget").addEventListener("click", () => byId("really").showModal());
    byId("really").addEventListener("close", () => byId("really").returnValue === "yes" && this.#forget());
    await this.#choices(menu.querySelector("form").elements);
    this.outbox.addEventListener("count", () => this.#showUnsent());
    await this.#showUnsent();
  }

  async #choices(fields) {
    fields.mode.value = (await kept(this.store, "mode")) ?? "rapid";
    fields.sound.checked = (await kept(this.store, "sound")) ?? true;
    const choose = () => {
      this.desk.asksFirst = fields.mode.value === "confirm";
      this.desk.isSilent = !fields.sound.checked;
    };
    choose();
    for (const field of [...fields.mode, fields.sound]) {
      field.addEventListener("change", async () => {
        choose();
        await keep(this.store, "mode", fields.mode.value);
        await keep(this.store, "sound", fields.sound.checked);
      });
    }
  }

  async #showUnsent() {
    const items = await this.outbox.items();
    for (const place of document.querySelectorAll("[data-unsent]")) place.textContent = items.length;
    byId("really").querySelector("[data-if-unsent]").hidden = items.length === 0;
    byId("rejected").hidden = !items.some((item) => item.rejected);
    byId("save-file").hidden = byId("send-now").hidden = items.length === 0;
  }

  async #check() {
    const checks = await isReady(this.store, this.device);
    byId("checks").replaceChildren(...checks.map(([name, fine, detail]) => {
      const said = fine === null ? word("not_known") : fine ? word("yes") : word("no");
      const sign = icon(fine ? "in" : "malformed");
      return make("li", { fine: fine ? "yes" : "no", check: name }, sign, make("span", { text: `${word(name)}: ${detail ?? said}` }));
    }));
    document.body.dataset.checked = checks.every(([, fine]) => fine !== false) ? "yes" : "no";
  }

  // A day without a network in small: scans go to a queue of their own, no request leaves, nothing is handed in.
  async #rehearse() {
    byId("menu").close();
    byId("rehearsing").hidden = false;
    this.device.isCutOff = true;
    this.rehearsal = new Outbox({ store: await openStore("rehearsal"), name: "rehearsal", request: this.device.handIn });
    this.desk.outbox = this.rehearsal;
  }

  async #endRehearsal() {
    this.rehearsal.close();
    this.rehearsal.store.close();
    const opened = await openStore("rehearsal"); // as after a restart: what was saved is found again
    const found = await opened.count("queue");
    for (const item of await opened.getAll("queue")) {
      const row = [...this.desk.attendance.here.values()].find((seen) => seen.item === item.id);
      if (row) await this.desk.attendance.strike(row.code, row.session);
    }
    await opened.clear("queue");
    opened.close();
    this.desk.outbox = this.outbox;
    this.desk.recent = [];
    this.device.isCutOff = false;
    byId("rehearsing").hidden = true;
    say(`${word("rehearsed")} ${found}`);
    this.outbox.wake();
  }

  // For the day when nothing else helps: a manager takes the file in. It holds codes, and sealed details; no names.
  async #saveFile() {
    const items = (await this.outbox.items()).map(({ seq, rejected, ...item }) => item);
    const content = { kind: "muster-queue", version: 1, device: this.device.known.uid, exported_at: new Date().toISOString(), clock_offset_ms: this.device.offset, items };
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(content)], { type: "application/json" }));
    link.download = `queue-${new Date().toISOString().slice(0, 10)}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }

  async #forget() {
    await this.device.farewell();
    await forgetAll(this.store);
    location.replace(location.pathname);
  }
}
