// The quiz is over, here or for everybody: what waits on this phone is handed in, and then nothing of it stays.

import { Kept } from "./kept.js";
import { Sending } from "./sending.js";
import { tellWorker } from "./keeping.js";

const page = document.getElementById("ended");
const kept = new Kept(`quiz ${page.dataset.quiz}`);

async function leave() {
  kept.forget();
  await tellWorker("forget");
  location.replace(page.dataset.page);
}

if (kept.now.finished || kept.now.unsent.length) {
  // Whoever answered everything and did not press the last button has finished with the last answer.
  kept.now.finished ||= kept.now.changed;
  kept.write();
  new Sending(page, kept, { onState: () => {}, onDone: leave, onRefused: leave }).now();
} else if (kept.isThere) leave();
