// The server's time on a computer whose own clock may be wrong: asked for, then counted on by the performance clock,
// which nobody can set. On many computers that one stands still during sleep. Then it is not known how late it is, and
// this clock says so until it has asked again: no code is better than a wrong one.

const JUMP = 2000; // milliseconds by which the computer's clock may run away from the performance clock at once
const LONGEST_ANSWER = 5000;

// Grows only when the computer's clock was put forward, or went on while the performance clock stood still.
const lead = () => Date.now() - performance.now();

export class ServerClock {
  constructor({ address, now }) {
    this.address = address;
    // The page was written when its answer began to come.
    const [visit] = performance.getEntriesByType("navigation");
    this.set(now, visit?.responseStart || performance.now());
  }

  set(now, at) {
    this.offset = now - at;
    this.checkedAt = at;
    this.isCertain = true;
    this.lead = lead();
  }

  now() {
    return this.offset + performance.now();
  }

  get minutesSinceChecked() {
    return Math.max(0, Math.floor((performance.now() - this.checkedAt) / 60000));
  }

  // To be called often: a jump is seen only between two looks.
  look() {
    const before = this.lead;
    this.lead = lead();
    if (this.lead - before > JUMP) this.isCertain = false;
  }

  // Without a cookie: a screen that is left on all day must keep nobody signed in.
  async check() {
    const [asked, before] = [performance.now(), lead()];
    try {
      const answer = await fetch(this.address, { credentials: "omit", cache: "no-store", signal: AbortSignal.timeout(LONGEST_ANSWER) });
      const { now } = await answer.json();
      const answered = performance.now();
      const isOurs = answer.ok && Number.isFinite(now); // and not the welcome page of a hotel
      if (isOurs && Math.abs(lead() - before) < JUMP) this.set(now + (answered - asked) / 2, answered);
    } catch {
      // No network is what this screen is made for.
    }
  }
}
