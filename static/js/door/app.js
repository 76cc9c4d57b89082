// The door's page: puts the parts together and shows one face: not paired, pairing, at work, or ended.

import { Attendance } from "./attendance.js";
import { Desk } from "./desk.js";
import { Device } from "./device.js";
import { Menu } from "./menu.js";
import { Outbox } from "./outbox.js";
import { showCounts, showReadiness, showSessions, showSync } from "./panels.js";
import { startReaders } from "./readers.js";
import { lacksNothing } from "./readiness.js";
import { keep, kept, openStore } from "./store.js";
import { byId, word } from "./words.js";

const LOOK_EVERY = 20000; // milliseconds between two looks at who is here
const GREET_EVERY = 60000; // and between two greetings, so that the office sees this phone

const store = await openStore();
const device = await new Device(store).load();
const outbox = new Outbox({ store, request: device.handIn });
const attendance = new Attendance(store, device);
const desk = new Desk({ store, device, outbox, attendance });

function face(name) {
  for (const other of ["unpaired", "pairing", "ended", "door"]) byId(other).hidden = other !== name;
  byId("session").hidden = byId("open-menu").hidden = name !== "door";
}

async function begin() {
  const secret = new URLSearchParams(location.hash.slice(1)).get("pair");
  if (secret) return pairing(secret);
  if (!device.isPaired) return face("unpaired");
  if (device.hasEnded) return ended();
  await work();
}

function pairing(secret) {
  face("pairing");
  byId("pairing").addEventListener("submit", async (event) => {
    event.preventDefault();
    const problem = byId("pairing-problem");
    try {
      await device.pair(secret, byId("device-name").value);
      history.replaceState(null, "", location.pathname); // the secret has done its work
      await work();
    } catch (error) {
      problem.textContent = error instanceof TypeError ? word("pairing_failed") : error.message;
      problem.hidden = false;
    }
  });
}

async function ended() {
  face("ended");
  if ((await outbox.count()) === 0) await store.clear("kept");
}

async function work() {
  document.body.dataset.ready = "no";
  navigator.storage?.persist?.();
  await showSessions(device, async (session) => {
    await keep(store, "session", session);
    await attendance.open(session);
  }, await kept(store, "session"));
  await desk.remember();
  startReaders(desk);
  new Menu({ store, device, outbox, desk }).start();
  face("door"); // not sooner: a button that can be seen does what it says
  attendance.addEventListener("change", () => showCounts(device, attendance, desk));
  showCounts(device, attendance, desk);
  setInterval(look, LOOK_EVERY);
  setInterval(greet, GREET_EVERY);
  document.addEventListener("visibilitychange", () => document.hidden || (outbox.wake(), look()));
  addEventListener("online", look);
  document.body.dataset.ready = "yes";
  outbox.wake();
  await look();
  await navigator.serviceWorker?.ready; // everything is on the phone
  showReadiness(await lacksNothing(store, device));
}

async function look() {
  if (document.hidden || device.hasEnded) return;
  const isOnline = await device.refresh();
  if (device.hasEnded) return ended();
  if (isOnline) await attendance.refresh();
  showSync(outbox, { isOnline });
  showCounts(device, attendance, desk);
}

// An empty hand-in: the office sees that this phone is there, and the phone sees what time it is.
async function greet() {
  if (document.hidden || device.hasEnded || (await outbox.count()) > 0) return;
  const sent = Date.now();
  const answer = await device.handIn(attendance.session, { sent_at: new Date(sent).toISOString(), unsent: 0, scans: [] }).catch(() => null);
  const content = answer?.ok ? await answer.json().catch(() => null) : null;
  if (content?.now) await device.noteClock(Date.parse(content.now) - (sent + Date.now()) / 2);
}

outbox.addEventListener("count", async ({ detail }) => {
  for (const place of document.querySelectorAll("[data-unsent]")) place.textContent = detail;
  showSync(outbox, { count: detail });
  if (detail === 0 && device.hasEnded) await store.clear("kept");
});
outbox.addEventListener("sync", ({ detail }) => {
  device.noteClock(detail.offset);
  showSync(outbox, { isOnline: true, isStranger: false, at: detail.at });
  attendance.refresh();
});
outbox.addEventListener("trouble", ({ detail }) => {
  showSync(outbox, { isOnline: false, isStranger: detail === "stranger" });
  if (detail === "ended") look();
});
addEventListener("offline", () => showSync(outbox, { isOnline: false }));

if ("serviceWorker" in navigator) navigator.serviceWorker.register(document.body.dataset.worker, { scope: "/door/" });
showSync(outbox, { count: await outbox.count() });
byId("ended").querySelector("[data-unsent]").textContent = await outbox.count();
await begin();
