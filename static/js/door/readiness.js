// Whether this phone is ready for a day without a network, point by point: [word, true / false / null for not known, detail].

const CLOCK_WRONG = 2 * 60 * 1000;
const BATTERY = 0.4;

export async function isReady(store, device) {
  return [
    ["kept_offline", await isShellKept()],
    ["list_kept", Boolean(await store.get("kept", "snapshot"))],
    ["storage_kept", navigator.storage?.persisted ? await navigator.storage.persisted() : null],
    ["clock_right", Math.abs(device.offset) < CLOCK_WRONG],
    ["camera_ready", await mayFilm()],
    ["decoder_ready", await isDecoderKept()],
    ["battery_full", ...(await battery())],
  ];
}

// What a day without a network cannot do without. Storage that the browser might clear is a worry, no reason to stay home.
export async function lacksNothing(store, device) {
  const checks = await isReady(store, device);
  return checks.every(([name, fine]) => fine !== false || name === "storage_kept");
}

async function isShellKept() {
  return Boolean(navigator.serviceWorker?.controller ?? (await navigator.serviceWorker?.getRegistration())?.active) && Boolean(await caches.match(location.pathname));
}

async function isDecoderKept() {
  return Boolean(await caches.match(document.body.dataset.decoder));
}

async function mayFilm() {
  const devices = await navigator.mediaDevices?.enumerateDevices?.().catch(() => []);
  if (!devices?.some((device) => device.kind === "videoinput")) return false;
  const permission = await navigator.permissions?.query({ name: "camera" }).catch(() => null);
  return permission ? { granted: true, denied: false, prompt: null }[permission.state] : null;
}

async function battery() {
  const found = await navigator.getBattery?.().catch(() => null);
  return found ? [found.charging || found.level >= BATTERY, `${Math.round(found.level * 100)} %`] : [null];
}
