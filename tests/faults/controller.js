// Plays runs: opens the tabs of a phone in frames, keeps items through them, kills some, and waits until the queue is
// empty. What it tells of a run: which items were taken (add() was fulfilled: that is the promise to the trainer), which
// were only begun, and what stayed in the queue.

const sleep = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

async function newFrame() {
  const frame = document.createElement("iframe");
  frame.src = "/faults/tab";
  document.body.append(frame);
  await new Promise((loaded) => (frame.onload = loaded));
  frame.contentWindow.addEventListener("unhandledrejection", ({ reason }) => {
    if (!String(reason).includes("closing")) simulator.complaints.push(String(reason)); // its run has ended
  });
  return frame;
}

class Run {
  constructor(plan, { pace, patience, token, bound }) {
    Object.assign(this, plan);
    this.bound = bound;
    this.begun = [];
    this.taken = [];
    const name = `run ${plan.number}`;
    const now = () => Date.now() + this.skew * 1000;
    this.phone = { name, now, pace, patience, token, mostAtOnce: plan.atOnce, number: plan.number };
  }

  async play() {
    const open = await Promise.all(this.tabs.map((acts, number) => this.playTab(acts, number)));
    const kin = new Set(this.kin);
    // A poison item holds up nobody but its own kin; when all others have got through it is cured.
    const heldUp = this.poison ? await this.wait(open[0], (items) => items.every((item) => kin.has(item.id))) : 0;
    this.isCured = true;
    const stuck = await this.wait(open[0], (items) => items.length === 0);
    for (const { outbox, store } of open) {
      outbox.close();
      store.close();
    }
    await new Promise((done) => (indexedDB.deleteDatabase(this.phone.name).onsuccess = done));
    return { number: this.number, taken: this.taken, begun: this.begun, heldUp, stuck };
  }

  async playTab(acts, number) {
    let deaths = acts.filter((act) => act.kind === "die").length;
    // Tabs that will not die share frames: opening one for each would cost more than the run.
    const home = async () => (deaths > 0 ? newFrame() : simulator.lasting[number]);
    const open = (frame) => frame.contentWindow.openTab(this.phone, () => this.isCured);
    let frame = await home();
    let tab = await open(frame);
    for (const { kind, items, milliseconds, skew } of acts) {
      if (kind === "wait") await sleep(milliseconds);
      if (kind === "clock") this.skew = skew;
      if (kind === "keep") await this.keep(tab, items[0]);
      if (kind === "die") {
        // As when the phone runs out of memory: whatever it was at, nobody says goodbye.
        for (const item of items) this.keep(tab, item);
        await sleep(milliseconds);
        frame.remove();
        deaths -= 1;
        frame = await home();
        tab = await open(frame);
      }
    }
    return tab;
  }

  async keep(tab, { seconds, ...item }) {
    this.begun.push(item.id);
    await tab.outbox.add({ ...item, happened_at: new Date(this.phone.now() - seconds * 1000).toISOString() });
    this.taken.push(item.id);
  }

  // How many items are still in the queue when it is as it should be, or when there is no hope any more.
  async wait({ outbox }, isRight) {
    const end = performance.now() + this.bound;
    for (;;) {
      const items = await outbox.items();
      if (isRight(items)) return 0;
      if (performance.now() > end) return items.length;
      await Promise.race([sleep(200), new Promise((heard) => outbox.addEventListener("count", heard, { once: true }))]);
    }
  }
}

window.simulator = {
  complaints: [],
  lasting: [],
  results: [],

  async open() {
    this.lasting = [await newFrame(), await newFrame()];
  },

  // Play runs, so many at the same time; `isDone` when all have ended.
  async play(plans, settings) {
    this.isDone = false;
    this.results = [];
    const waiting = [...plans];
    const lane = async () => {
      while (waiting.length > 0) this.results.push(await new Run(waiting.shift(), settings).play());
    };
    await Promise.all(Array.from({ length: settings.atOnce }, lane));
    this.isDone = true;
  },
};
