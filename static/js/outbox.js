// Scans on their way to the register. One is forgotten only when an answer of ours names it; until then it is sent
// again. The server takes the same scan twice for one, so sending again never does harm.

const TRY_AGAIN_AFTER = [1000, 2000, 5000, 10000, 30000];

export class Outbox {
  constructor({ address, csrf, onAnswer, onCount }) {
    Object.assign(this, { address, csrf, onAnswer, onCount });
    this.waiting = new Map();
    this.failures = 0;
    this.isSending = false;
    addEventListener("online", () => this.send());
  }

  add(scan) {
    this.waiting.set(scan.id, scan);
    this.onCount(this.waiting.size);
    this.send();
  }

  async send() {
    if (this.isSending || this.waiting.size === 0) return;
    this.isSending = true;
    clearTimeout(this.timer);
    const scans = [...this.waiting.values()].slice(0, 100);
    try {
      const response = await fetch(this.address, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.csrf },
        body: JSON.stringify({ sent_at: new Date().toISOString(), scans }),
        signal: AbortSignal.timeout(15000),
      });
      const answers = response.ok ? (await response.json()).answers : null;
      if (!Array.isArray(answers)) throw new Error(`status ${response.status}`);
      this.failures = 0;
      for (const answer of answers) {
        if (!this.waiting.delete(answer.id)) continue;
        this.onAnswer(answer);
      }
    } catch {
      const wait = TRY_AGAIN_AFTER[Math.min(this.failures++, TRY_AGAIN_AFTER.length - 1)];
      this.timer = setTimeout(() => this.send(), wait);
    } finally {
      this.isSending = false;
      this.onCount(this.waiting.size);
    }
    if (this.failures === 0) this.send();
  }
}
