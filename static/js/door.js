// The door page: a code comes in by camera or keyboard, its answer fills the screen, the next one at once.

import { Outbox } from "./outbox.js";
import { Scanner } from "./scanner.js";

const SHOWN_FOR = { in: 1300, late: 1600, saved: 1300 };
const door = document.body.dataset;
const dialog = document.getElementById("answer");
const admission = dialog.querySelector("form");
const codes = new Map(); // scan id -> code, while its answer is awaited
let closing;

const outbox = new Outbox({
  address: door.scans,
  csrf: door.csrf,
  onAnswer: (answer) => {
    show(answer.outcome, answer, codes.get(answer.id));
    codes.delete(answer.id);
    refresh();
  },
  onCount: (count) => {
    const unsent = document.getElementById("unsent");
    unsent.hidden = count === 0;
    unsent.querySelector("b").textContent = count;
  },
});

function scan(code, source) {
  const id = crypto.randomUUID();
  codes.set(id, code);
  outbox.add({ id, code, source, happened_at: new Date().toISOString() });
  setTimeout(() => codes.has(id) && show("saved", {}, code), 2500);
}

function show(outcome, answer, code) {
  const look = document.getElementById("outcomes").content.querySelector(`[data-outcome="${outcome}"]`);
  dialog.className = `answer ${look.dataset.look}`;
  dialog.dataset.outcome = outcome;
  dialog.querySelector(".sign").replaceChildren(look.firstElementChild.cloneNode(true));
  dialog.querySelector(".word").textContent = look.dataset.word;
  dialog.querySelector(".name").textContent = answer.person?.name ?? answer.person?.code ?? code ?? "";
  const since = answer.first_at && new Date(answer.first_at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  dialog.querySelector(".more").textContent = since ?? answer.person?.organisation ?? "";
  admission.hidden = !["wrong_event", "cancelled", "waitlisted"].includes(outcome);
  admission.elements.code.value = code ?? "";
  if (!dialog.open) dialog.showModal();
  navigator.vibrate?.({ in: 60, attention: [60, 60, 60], refused: 300 }[look.dataset.look] ?? 60);
  beep(look.dataset.look);
  clearTimeout(closing);
  if (SHOWN_FOR[outcome]) closing = setTimeout(() => dialog.close(), SHOWN_FOR[outcome]);
}

let sound;
function beep(look) {
  sound ??= new AudioContext();
  const tone = sound.createOscillator();
  const volume = sound.createGain();
  tone.frequency.value = { in: 880, saved: 880, attention: 520, refused: 220 }[look];
  volume.gain.value = 0.15;
  tone.connect(volume).connect(sound.destination);
  tone.start();
  tone.stop(sound.currentTime + (look === "refused" ? 0.4 : 0.12));
}

async function refresh() {
  const page = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!page?.ok) return;
  const fresh = new DOMParser().parseFromString(await page.text(), "text/html");
  for (const id of ["counts", "people"]) document.getElementById(id)?.replaceWith(fresh.getElementById(id));
  globalThis.htmx?.process(document.getElementById("people"));
}

async function startCamera() {
  const viewer = document.getElementById("viewer");
  document.getElementById("start").hidden = true;
  try {
    viewer.hidden = false;
    const scanner = new Scanner({ video: viewer.querySelector("video"), decoder: door.decoder, onCode: (code) => scan(code, "camera") });
    await scanner.start();
  } catch {
    viewer.hidden = true;
    document.getElementById("no-camera").hidden = false;
  }
}

document.getElementById("start").hidden = false;
document.getElementById("start").addEventListener("click", startCamera);
document.getElementById("typed").addEventListener("submit", (event) => {
  event.preventDefault();
  const field = event.target.elements.code;
  if (field.value.trim()) scan(field.value.trim(), "typed");
  field.value = "";
});
dialog.querySelector(".next").addEventListener("click", () => dialog.close());
addEventListener("beforeunload", (event) => {
  if (outbox.waiting.size > 0) event.preventDefault();
});
