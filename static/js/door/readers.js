// Ways in for a code: camera, hand scanner, keyboard, a photo, a name.

import { show, unlockSound } from "./answers.js";
import { Scanner } from "../scanner.js";
import { isCode, normalised } from "./codes.js";
import { person } from "./panels.js";
import { byId, word } from "./words.js";

const PAUSE = 2000; // milliseconds after which typing without a field begins anew

export function startReaders(desk) {
  const scanner = new Scanner({
    video: byId("viewer").querySelector("video"),
    decoder: document.body.dataset.decoder,
    onCode: (code) => desk.take(code, "camera"),
  });
  startCamera(scanner);
  startWedge(desk);
  startPhoto(scanner, desk);
  startTyping(desk);
  startFinding(desk);
  startWalkIn(desk);
  for (const button of document.querySelectorAll("[data-open]")) button.addEventListener("click", () => open(button.dataset.open));
}

function open(id) {
  unlockSound();
  const panel = byId(id);
  panel.querySelector("form").reset();
  panel.querySelector("[role=alert]")?.setAttribute("hidden", "");
  panel.returnValue = "";
  panel.showModal();
}

function startCamera(scanner) {
  let awake;
  const stay = async () => (awake = await navigator.wakeLock?.request("screen").catch(() => null));
  byId("start").addEventListener("click", async () => {
    unlockSound();
    byId("start").hidden = true;
    byId("viewer").hidden = false;
    try {
      await scanner.start();
      byId("torch").hidden = !scanner.hasTorch;
      byId("turn").hidden = (await scanner.cameras()).length < 2;
      await stay();
    } catch {
      byId("viewer").hidden = true;
      byId("start").hidden = false;
      byId("no-camera").hidden = false;
    }
  });
  byId("stop").addEventListener("click", () => {
    scanner.stop();
    awake?.release();
    byId("viewer").hidden = true;
    byId("start").hidden = false;
  });
  byId("torch").addEventListener("click", async () => byId("torch").setAttribute("aria-pressed", await scanner.switchTorch()));
  byId("turn").addEventListener("click", async () => {
    await scanner.turn();
    byId("torch").hidden = !scanner.hasTorch;
  });
  document.addEventListener("visibilitychange", () => !document.hidden && scanner.isLooking && stay());
}

// A hand scanner is a keyboard: signs outside any field, ended by Enter.
function startWedge(desk) {
  let typed = "";
  let last = 0;
  document.addEventListener("keydown", (event) => {
    if (event.target.matches("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
    const now = performance.now();
    if (now - last > PAUSE) typed = "";
    last = now;
    if (event.key === "Enter" && isCode(normalised(typed))) {
      event.preventDefault();
      desk.take(typed, "wedge");
      typed = "";
    } else if (event.key.length === 1 && event.key !== " ") {
      typed = (typed + event.key).slice(-20);
    }
  }, { capture: true });
}

function startPhoto(scanner, desk) {
  byId("photo").addEventListener("change", async (event) => {
    unlockSound();
    const [file] = event.target.files;
    event.target.value = "";
    const found = file && (await scanner.read(file).catch(() => null));
    if (found) desk.take(found, "camera");
    else if (file) show("no_code");
  });
}

function startTyping(desk) {
  byId("type").addEventListener("close", () => {
    const code = byId("code").value.trim();
    if (byId("type").returnValue === "yes" && code) desk.take(code, "typed");
  });
}

function startFinding(desk) {
  let asked = 0;
  byId("search").addEventListener("input", async (event) => {
    const text = event.target.value.trim();
    const mine = ++asked;
    const state = byId("find-state");
    if (text.length < 2) {
      byId("found").replaceChildren();
      state.textContent = text ? word("more_letters") : "";
      return;
    }
    const found = await desk.device.find(desk.attendance.session, text).catch(() => null);
    if (mine !== asked) return; // a newer search is under way
    state.textContent = found === null ? word("needs_network") : found.length === 0 ? word("nobody") : "";
    byId("found").replaceChildren(...(found ?? []).map((one) => person(one, () => {
      byId("find").close();
      desk.take(one.code, "search");
    })));
  });
  byId("find").addEventListener("close", () => byId("found").replaceChildren());
}

function startWalkIn(desk) {
  const panel = byId("walk-in");
  const form = panel.querySelector("form");
  form.addEventListener("submit", (event) => {
    if (event.submitter?.value !== "yes") return;
    const needsName = desk.device.snapshot.keeps_names;
    const values = Object.fromEntries(new FormData(form));
    const problem = needsName && !`${values.family}${values.given}`.trim() ? "name_needed" : values.code.trim() && !isCode(normalised(values.code)) ? "code_wrong" : null;
    if (problem) {
      event.preventDefault();
      byId("walk-in-problem").textContent = word(problem);
      byId("walk-in-problem").hidden = false;
      return;
    }
    const { code, ...details } = values;
    if (!needsName) details.family = details.given = "";
    desk.letIn(details, code.trim());
    form.reset(); // nothing of it stays on the screen or in the field
  });
  panel.querySelector("[data-named]").hidden = !desk.device.snapshot?.keeps_names;
}
