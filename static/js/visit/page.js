// The checklist of a visit on a phone: every answer is sent as it is given; without a network it is kept and sent again.
// Without this script the page has an ordinary button to save.

import { Unsent } from "./unsent.js";

const PATIENCE = 12_000; // milliseconds for one try
const PAUSES = [2, 5, 15, 30, 60]; // seconds between tries
const QUIET = 1000; // milliseconds after the last letter typed

const form = document.querySelector("form.visit");
const state = document.getElementById("state");
const unsent = new Unsent(form.dataset.visit);
let tries = 0;
let timer = 0;
let typing = 0;
let sending = null;

form.addEventListener("change", (event) => keep(event.target) && send());
form.addEventListener("input", (event) => {
  // Half a name of an organisation is no organisation: it is sent when its field is left.
  if (!event.target.matches("textarea") || !keep(event.target)) return;
  clearTimeout(typing);
  typing = setTimeout(send, QUIET);
});
form.addEventListener("submit", submit);
addEventListener("online", send);
document.addEventListener("visibilitychange", send);

await unsent.open(form.dataset.key);
for (const [name, value] of Object.entries(unsent.fields)) restore(name, value);
count();
send();

function keep(field) {
  if (!field.name || field.type === "hidden") return false;
  unsent.put(field.name, field.value);
  tell("saving");
  count();
  return true;
}

function restore(name, value) {
  for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
    if (field.type === "radio") field.checked = field.value === value;
    else field.value = value;
  }
}

/** Send what waits; true when the server has it all. Of several who ask at once all get the one answer. */
function send() {
  clearTimeout(timer);
  sending ??= sendAll().finally(() => (sending = null));
  return sending;
}

async function sendAll() {
  while (!unsent.isEmpty) {
    const values = unsent.fields;
    const answer = await post(values);
    const told = await answer?.json().catch(() => null);
    if (!answer || answer.status >= 500 || (answer.ok && told?.outcome !== "saved")) return later();
    if (answer.status === 401 || answer.status === 400) return tell("signed-out");
    if (!answer.ok) return tell("refused", told?.message);
    tries = 0;
    await unsent.sent(values);
    const wrong = Object.values(told.wrong);
    if (wrong.length) return tell("refused", wrong.join(" "));
  }
  return tell("saved");
}

async function post(values) {
  const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value, ...values });
  const headers = { Accept: "application/json" };
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    return await fetch(form.dataset.save, { method: "POST", body, headers, signal, redirect: "error", cache: "no-store" });
  } catch {
    return null;
  }
}

function later() {
  const pause = PAUSES[Math.min(tries++, PAUSES.length - 1)];
  timer = setTimeout(send, pause * 1000);
  return tell("waiting");
}

/** The buttons wait until everything typed has arrived, so that no page of the browser's own stands where the form was. */
async function submit(event) {
  event.preventDefault();
  clearTimeout(typing);
  const field = document.activeElement;
  if (field?.form === form && field.matches("textarea, input:not([type=radio], [type=hidden])")) unsent.put(field.name, field.value);
  const hasArrived = await send();
  // A draft that is saved stays in sight; handing in is a page of its own.
  if (!hasArrived || !event.submitter?.hasAttribute("formaction")) return;
  form.action = event.submitter.formAction;
  form.submit();
}

/** A clear word; true for "saved". */
function tell(what, more = "") {
  const words = { saved: form.dataset.saved, saving: form.dataset.saving, waiting: form.dataset.waiting, "signed-out": form.dataset.signedOut, refused: form.dataset.refused };
  const said = `${words[what]} ${more ?? ""}`.trim();
  if (state.textContent !== said) state.textContent = said;
  state.dataset.state = what;
  return what === "saved";
}

/** How many points have an answer, and which have none. */
function count() {
  let gaps = 0;
  const links = document.querySelectorAll("#missing a");
  for (const link of links) {
    link.hidden = Boolean(form.querySelector(`[name="${CSS.escape(link.dataset.point)}"]:checked`));
    gaps += !link.hidden;
  }
  document.getElementById("missing").hidden = !gaps;
  document.getElementById("answered").textContent = links.length - gaps;
}
