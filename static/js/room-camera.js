// Reads the code from the screen in the room and sends the form as if it had been typed. The field stays for whoever
// cannot or does not want to use a camera.

import { Scanner } from "./scanner.js";

const viewer = document.getElementById("viewer");
const form = document.getElementById("presence");
const SHAPE = new RegExp(`^${viewer.dataset.mark}([2-9A-HJ-NP-Z]{6})$`);
let isSent = false;

function read(text) {
  const found = SHAPE.exec(text);
  document.getElementById("other-code").hidden = Boolean(found); // a badge, a link on the wall
  if (!found || isSent) return;
  isSent = true;
  form.elements.code.value = found[1];
  navigator.vibrate?.(60);
  form.requestSubmit();
}

// Back from the answer: the camera may be used again.
addEventListener("pageshow", (event) => {
  if (event.persisted) isSent = false;
});

try {
  viewer.hidden = false;
  const scanner = new Scanner({ video: viewer.querySelector("video"), decoder: viewer.dataset.decoder, onCode: read });
  await scanner.start();
} catch {
  viewer.hidden = true;
  document.getElementById("no-camera").hidden = false;
}
