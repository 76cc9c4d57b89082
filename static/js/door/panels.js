// Parts of the door's page that only show: sessions, counts, who is missing, how sending goes.

import { byId, clockTime, icon, make, word } from "./words.js";

const CLOCK_WRONG = 2 * 60 * 1000;

// Fill the choice of sessions and open the one that is on or comes next, or the one that was chosen.
export async function showSessions(device, open, chosen) {
  const sessions = device.snapshot?.sessions ?? [];
  const select = byId("session");
  const days = new Set(sessions.map((session) => new Date(session.starts_at).toDateString()));
  select.replaceChildren(...sessions.map((session) => {
    const day = new Date(session.starts_at).toLocaleDateString(document.documentElement.lang, { weekday: "short" });
    return new Option(`${word("session")} ${session.number} · ${days.size > 1 ? `${day} ` : ""}${clockTime(session.starts_at)}`, session.uid);
  }));
  const now = device.now();
  const current = sessions.find((session) => Date.parse(session.ends_at) > now) ?? sessions.at(-1);
  const kept = sessions.find((session) => session.uid === chosen && Date.parse(session.ends_at) > now);
  select.value = (kept ?? current)?.uid ?? "";
  select.onchange = () => open(select.value);
  if (select.value) await open(select.value);
}

export function showCounts(device, attendance, desk) {
  const missing = attendance.missing();
  byId("present").textContent = attendance.present;
  byId("expected").textContent = device.snapshot?.expected ?? 0;
  byId("missing-count").textContent = missing.length;
  if (byId("missing").open) showMissing(device, missing, desk);
  byId("missing").ontoggle = () => showMissing(device, attendance.missing(), desk);
  byId("clock-wrong").hidden = Math.abs(device.offset) < CLOCK_WRONG;
  byId("clock-minutes").textContent = Math.round(Math.abs(device.offset) / 60000);
}

function showMissing(device, missing, desk) {
  byId("missing-people").replaceChildren(...missing.map((code) => {
    const name = device.nameOf(code);
    return person({ code, name }, () => desk.take(code, "manual"));
  }));
}

// One person with a button that lets them in.
export function person({ code, name, organisation, is_present: isPresent }, letIn) {
  const line = make("li", {}, make("span", { className: "who", text: name ?? code }, make("span", { className: "aside", text: [name && code, organisation].filter(Boolean).join(" · ") })));
  if (isPresent) line.append(make("span", { className: "aside", text: word("here") }));
  else {
    const button = make("button", { text: word("is_here") });
    button.type = "button";
    button.addEventListener("click", letIn);
    line.append(button);
  }
  return line;
}

// One line before the day begins: whether this phone could go without a network now.
export async function showReadiness(isReady) {
  const line = byId("readiness");
  line.dataset.fine = isReady ? "yes" : "no";
  line.replaceChildren(icon(isReady ? "in" : "malformed"), word(isReady ? "ready" : "not_ready"));
  line.hidden = false;
  line.onclick = () => byId("open-menu").click();
}

const state = { isOnline: undefined, count: 0, at: undefined };

// How sending goes: a word and a number, and when the last item was sent.
export function showSync(outbox, change) {
  Object.assign(state, Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)));
  const button = byId("sync");
  button.dataset.state = state.count > 0 ? "waiting" : state.isOnline === false ? "offline" : "sent";
  byId("sync-state").textContent = state.count > 0 ? `${word("unsent")} ${state.count}` : state.isOnline === false ? word("no_network") : word("all_sent");
  byId("stranger").hidden = !(state.isStranger && state.count > 0);
  byId("last-sync").textContent = state.at ? `${word("sent_at")} ${clockTime(state.at)}` : "";
  button.onclick = () => outbox.wake();
}
