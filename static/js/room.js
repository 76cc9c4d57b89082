// The screen in the room. Once opened it needs no network: it makes the codes itself and draws them itself.

import { encode } from "../vendor/uqr.js";
import { ServerClock } from "./room/clock.js";
import { STEP, codeOf, openKey, stepAt } from "./room/code.js";

const CHECK_EVERY = 3 * 60 * 1000;
const CHECK_AGAIN_AFTER = 1000; // while the clock is not certain
const room = document.getElementById("room");
const [screen, symbol, code, left, state] = ["screen", "symbol", "code", "left", "state"].map((id) => document.getElementById(id));
const { opens, ends } = Object.fromEntries(["opens", "ends"].map((name) => [name, Number(room.dataset[name])]));
const clock = new ServerClock({ address: room.dataset.time, now: Number(room.dataset.now) });
let key;
let shown;
let checking;

// One of: code, early, over, uncertain, insecure.
function situation() {
  if (!globalThis.crypto?.subtle) return "insecure";
  if (!clock.isCertain) return "uncertain";
  if (clock.now() < opens) return "early";
  return clock.now() > ends ? "over" : "code";
}

async function tick() {
  clock.look();
  const now = situation();
  for (const words of document.querySelectorAll("[data-when]")) words.hidden = words.dataset.when !== now;
  const minutes = clock.minutesSinceChecked;
  state.textContent = minutes === 0 ? state.dataset.fresh : state.dataset.older.replace("{minutes}", minutes);
  state.hidden = now === "uncertain" || now === "insecure";
  left.value = (STEP - (clock.now() % STEP)) / 1000;
  if (now === "uncertain") checkSoon();
  const step = now === "code" ? stepAt(clock.now()) : null;
  if (step === shown) return;
  shown = step;
  if (step === null) {
    screen.hidden = true;
    code.textContent = "";
    return;
  }
  key ??= openKey(room.dataset.key);
  const made = await codeOf(await key, step);
  if (step === shown) show(made);
}

function show(made) {
  draw(room.dataset.mark + made);
  code.replaceChildren(made.slice(0, 3), document.createElement("wbr"), made.slice(3));
  screen.hidden = false;
}

// Upper-case letters and digits make the smallest symbol there is; the room it leaves goes to correcting errors.
function draw(text) {
  const { data, size } = encode(text, { ecc: "H", border: 4 });
  symbol.setAttribute("viewBox", `0 0 ${size} ${size}`);
  const squares = data.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : "")));
  symbol.querySelector("path").setAttribute("d", squares.join(""));
}

async function check() {
  clock.look();
  await clock.check();
  tick();
}

function checkSoon() {
  checking ??= setTimeout(async () => {
    await check();
    checking = undefined;
  }, CHECK_AGAIN_AFTER);
}

async function stayAwake() {
  try {
    await navigator.wakeLock?.request("screen");
  } catch {
    // Not while the page is hidden, and not with a battery nearly empty.
  }
}

function fillScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.();
}

function wakeUp() {
  if (document.visibilityState !== "visible") return;
  stayAwake();
  check();
}

const button = document.getElementById("fill");
button.hidden = !document.fullscreenEnabled;
button.addEventListener("click", fillScreen);
addEventListener("keydown", (event) => {
  const isPlain = !(event.ctrlKey || event.metaKey || event.altKey || event.repeat);
  if (isPlain && event.code === "KeyF") fillScreen(); // by its place, whichever alphabet the keyboard writes
});
document.addEventListener("visibilitychange", wakeUp);
addEventListener("pageshow", wakeUp);
addEventListener("online", check);
setInterval(check, CHECK_EVERY);
setInterval(tick, 250);
tick();
