// Reads codes through the camera, with a decoder of ours: never the browser's own, never from another host.

const PAUSE = 120; // milliseconds between two looks: quick enough for a queue, slow enough for a battery
const SAME_AGAIN_AFTER = 4000; // the badge still held before the camera is not scanned again at once

export class Scanner {
  constructor({ video, decoder, onCode }) {
    Object.assign(this, { video, onCode });
    const { BarcodeDetector, prepareZXingModule } = globalThis.BarcodeDetectionAPI;
    prepareZXingModule({ overrides: { locateFile: (path, prefix) => (path.endsWith(".wasm") ? decoder : prefix + path) } });
    this.detector = new BarcodeDetector({ formats: ["qr_code"] });
    this.seen = new Map();
  }

  async start() {
    const wanted = { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } };
    this.video.srcObject = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
    await this.video.play();
    this.look();
  }

  async look() {
    if (this.video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && !this.isPaused) {
      try {
        for (const found of await this.detector.detect(this.video)) this.found(found.rawValue);
      } catch {
        // A frame that cannot be read is no news; the next one comes.
      }
    }
    setTimeout(() => this.look(), PAUSE);
  }

  found(code) {
    const now = Date.now();
    if (now - (this.seen.get(code) ?? 0) < SAME_AGAIN_AFTER) {
      this.seen.set(code, now);
      return;
    }
    this.seen.set(code, now);
    this.onCode(code);
  }
}
