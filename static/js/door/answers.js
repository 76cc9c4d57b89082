// The answer that fills the screen: colour, sign, word, sound and vibration, and gone again by itself.

const SHOWN_FOR = { in: 1300, late: 1600, saved: 1300, undone: 1300, already_in: 2500, saved_again: 2000 };
const CAN_BE_ADMITTED = ["wrong_event", "cancelled", "waitlisted"];
const TUNES = { in: [[880, 0.12]], saved: [[660, 0.1]], attention: [[520, 0.1], [520, 0.1]], refused: [[220, 0.4]] };
const SHAKES = { in: 60, saved: 40, attention: [60, 60, 60], refused: 300 };

const dialog = document.getElementById("answer");
const outcomes = document.getElementById("outcomes").content;
const [admit, confirm, next] = ["admit", "confirm", "next"].map((id) => document.getElementById(id));
let closing;
let sound;
let then; // what the pressed button leads to

export const lookOf = (outcome) => outcomes.querySelector(`[data-outcome="${outcome}"]`) ?? outcomes.querySelector('[data-outcome="malformed"]');

// Show an outcome with whom it is about. Fulfilled with "admit", "confirm" or "next" when it is gone.
export function show(outcome, { who = "", more = "", isSilent = false, read } = {}) {
  const look = lookOf(outcome);
  then?.("next");
  dialog.className = `answer ${look.dataset.look}`;
  dialog.dataset.outcome = outcome;
  dialog.querySelector(".sign").replaceChildren(look.firstElementChild.cloneNode(true));
  dialog.querySelector(".word").textContent = look.dataset.word;
  dialog.querySelector(".name").textContent = who;
  dialog.querySelector(".more").textContent = more;
  admit.hidden = !CAN_BE_ADMITTED.includes(outcome);
  confirm.hidden = outcome !== "ask";
  if (!dialog.open) dialog.showModal();
  if (read !== undefined) requestAnimationFrame(() => performance.measure("answered", { start: read }));
  (confirm.hidden ? next : confirm).focus();
  navigator.vibrate?.(SHAKES[look.dataset.look]);
  if (!isSilent) play(TUNES[look.dataset.look]);
  clearTimeout(closing);
  if (SHOWN_FOR[outcome]) closing = setTimeout(() => leave("next"), SHOWN_FOR[outcome]);
  return new Promise((fulfilled) => {
    then = fulfilled;
  });
}

export const isShown = () => dialog.open;

function leave(how) {
  clearTimeout(closing);
  if (dialog.open) dialog.close();
  const told = then;
  then = undefined;
  told?.(how);
}

admit.addEventListener("click", () => leave("admit"));
confirm.addEventListener("click", () => leave("confirm"));
next.addEventListener("click", () => leave("next"));
dialog.addEventListener("cancel", (event) => {
  event.preventDefault();
  leave("next");
});

// Browsers let a page sound only after it was touched: call this from a press.
export function unlockSound() {
  sound ??= new AudioContext();
  if (sound.state === "suspended") sound.resume();
}

function play(tune) {
  if (!sound) return;
  let at = sound.currentTime;
  for (const [pitch, length] of tune) {
    const tone = sound.createOscillator();
    const volume = sound.createGain();
    tone.frequency.value = pitch;
    volume.gain.value = 0.2;
    tone.connect(volume).connect(sound.destination);
    tone.start(at);
    tone.stop(at + length);
    at += length + 0.08;
  }
}
