// Has the sum done in a worker as soon as somebody begins to write, and holds the form back until it is done.

const form = document.getElementById("registration");
const says = document.getElementById("reckoning");
let begun = false;
let isAwaited = false;

function begin() {
  if (begun) return;
  begun = true;
  if (!window.isSecureContext || !window.Worker || !crypto.subtle) return fail();
  const worker = new Worker(form.dataset.worker);
  worker.onerror = fail;
  worker.onmessage = (event) => {
    form.elements.answer.value = event.data;
    says.textContent = "";
    worker.terminate();
    if (isAwaited) form.submit();
  };
  worker.postMessage({ challenge: form.elements.challenge.value });
}

function fail() {
  says.textContent = says.dataset.failed;
}

form.addEventListener("focusin", begin);
form.addEventListener("input", begin);
form.addEventListener("submit", (event) => {
  if (form.elements.answer.value) return;
  begin();
  if (says.textContent === says.dataset.failed) return;
  event.preventDefault();
  isAwaited = true;
  says.textContent = says.dataset.busy;
});
// Back to this page from the next one: the proof is spent by then, and the server says so and gives a new one.
