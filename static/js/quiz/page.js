// The quiz on a phone: answers are kept here and on the server as they are given, so that nothing is lost when the
// network goes, the page is closed, or another phone goes on.

import { tellWorker } from "./keeping.js";
import { Kept, newId } from "./kept.js";
import { Screens } from "./screens.js";
import { Sending } from "./sending.js";

const form = document.getElementById("quiz");
const words = form.dataset;
const state = document.getElementById("state");
const kept = new Kept(`quiz ${words.quiz}`);

kept.now.attempt ||= form.elements.attempt.value || newId();
restore();
kept.now.known = Math.max(kept.now.known, Number(words.page));
kept.write();

const screens = new Screens(form, words);
const sending = new Sending(form, kept, { onState: tell, onDone: leave, onRefused: refuse });

form.addEventListener("change", (event) => keep(event.target));
form.addEventListener("input", (event) => event.target.matches("textarea, input[type=text]") && keepSoon(event.target));
form.addEventListener("submit", finish);
// Enter in a field goes on to the next question and sends nothing.
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches("input[type=text]")) return;
  event.preventDefault();
  screens.show(screens.place + 1);
});

if (kept.now.finished) {
  waitForNetwork();
} else {
  const first = screens.gaps()[0] ?? screens.questions.length;
  screens.show(screens.gaps().length === screens.questions.length ? 0 : first, false);
}
sending.now();
navigator.serviceWorker?.register(words.worker, { scope: words.scope }).then(() => navigator.serviceWorker.ready).then(() => tellWorker("keep")).catch(() => {});

/** What this phone knows goes into the form: all of it in a page from before its last answers, else what is not sent. */
function restore() {
  const isOldPage = Number(words.page) < kept.now.known;
  for (const [name, values] of Object.entries(kept.now.answers)) {
    if (!isOldPage && !kept.now.unsent.includes(name)) continue;
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (field.matches("[type=radio], [type=checkbox]")) field.checked = values.includes(field.value);
      else if (field.matches("select")) field.value = [...field.options].find((o) => o.value && values.includes(o.value))?.value ?? "";
      else field.value = values[0] ?? "";
    }
  }
  // What the server knew and shows is known here too: the whole is sent from here.
  for (const field of form.querySelectorAll("fieldset.question [name]")) kept.now.answers[field.name] = valuesOf(field.name);
}

function valuesOf(name) {
  return new FormData(form).getAll(name).map(String).filter(Boolean);
}

function keep(field) {
  if (!field.name?.startsWith("q-")) return;
  kept.answer(field.name, valuesOf(field.name));
  state.textContent = "";
  sending.now();
}

let typing = 0;
function keepSoon(field) {
  kept.answer(field.name, valuesOf(field.name));
  state.textContent = "";
  clearTimeout(typing);
  typing = setTimeout(() => sending.now(), 1000);
}

function finish(event) {
  event.preventDefault();
  const gaps = screens.gaps();
  if (gaps.length && !form.elements.with_gaps.checked) return screens.show(screens.questions.length);
  kept.now.finished = Date.now();
  kept.now.gaps = gaps.length > 0;
  kept.write();
  waitForNetwork();
  sending.now();
}

/** Finished: nothing can be changed any more, and it goes as soon as it can. */
function waitForNetwork() {
  form.hidden = true;
  document.getElementById("finished").hidden = false;
}

function tell(how) {
  state.dataset.state = how;
  const isBegun = Object.values(kept.now.answers).some((values) => values.length);
  state.textContent = how === "waiting" ? words.waiting : isBegun ? words.saved : "";
  document.getElementById("patience").hidden = how !== "waiting";
}

async function refuse(told) {
  if (told.outcome === "quiz_taken") {
    kept.forget();
    return leave(told.page);
  }
  if (told.outcome === "unanswered") {
    kept.now.finished = 0;
    kept.write();
    form.hidden = false;
    document.getElementById("finished").hidden = true;
    return screens.show(screens.questions.length);
  }
  const problem = document.getElementById("problem");
  problem.textContent = told.sentence;
  problem.hidden = false;
}

async function leave(page) {
  await tellWorker("forget");
  location.replace(page);
}
