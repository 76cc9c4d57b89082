// Reads codes through the camera, with a decoder of ours: never the browser's own, never from another host.

const PAUSE = 60; // milliseconds between two looks: quick enough for a queue, slow enough for a battery
const SAME_AGAIN_AFTER = 4000; // the badge still held before the camera is not scanned again at once

export class Scanner {
  constructor({ video, decoder, onCode }) {
    Object.assign(this, { video, onCode, isLooking: false, facing: "environment" });
    const { BarcodeDetector, prepareZXingModule } = globalThis.BarcodeDetectionAPI;
    prepareZXingModule({ overrides: { locateFile: (path, prefix) => (path.endsWith(".wasm") ? decoder : prefix + path) } });
    this.detector = new BarcodeDetector({ formats: ["qr_code"] });
    this.seen = new Map();
  }

  // Film and read until stopped. Refuses, as the browser does, where there is no camera or no permission.
  async start(choice = { facingMode: { ideal: this.facing } }) {
    const wanted = { ...choice, width: { ideal: 1280 }, height: { ideal: 720 } };
    const stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
    this.stopFilming();
    this.video.srcObject = stream;
    await this.video.play();
    if (this.isLooking) return;
    this.isLooking = true;
    this.look();
  }

  stop() {
    this.isLooking = false;
    this.stopFilming();
  }

  stopFilming() {
    for (const track of this.video.srcObject?.getTracks() ?? []) track.stop();
    this.video.srcObject = null;
  }

  get track() {
    return this.video.srcObject?.getVideoTracks()[0];
  }

  get hasTorch() {
    return Boolean(this.track?.getCapabilities?.().torch);
  }

  async cameras() {
    return (await navigator.mediaDevices.enumerateDevices()).filter((device) => device.kind === "videoinput");
  }

  // The next camera of this device.
  async turn() {
    const cameras = await this.cameras();
    const at = cameras.findIndex((camera) => camera.deviceId === this.track?.getSettings().deviceId);
    await this.start({ deviceId: { exact: cameras[(at + 1) % cameras.length].deviceId } });
  }

  // Switch the light; whether it is on now.
  async switchTorch() {
    this.isLit = !this.isLit;
    await this.track.applyConstraints({ advanced: [{ torch: this.isLit }] }).catch(() => (this.isLit = false));
    return this.isLit;
  }

  // The code in a photo; undefined when none is found.
  async read(file) {
    const [found] = await this.detector.detect(await createImageBitmap(file));
    return found?.rawValue;
  }

  async look() {
    if (!this.isLooking) return;
    if (this.video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && !document.hidden) {
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
    const before = this.seen.get(code) ?? 0;
    this.seen.set(code, now);
    if (now - before >= SAME_AGAIN_AFTER) this.onCode(code);
  }
}
