// Leaves for the address of the page's exit, which takes this page's place in the history: “back” does not lead here.

const exit = document.querySelector("a.leave");
let escaped = -Infinity;

function leave() {
  const address = exit.href;
  document.documentElement.replaceChildren(); // nothing to be read while the other page is on its way
  location.replace(address);
}

exit.addEventListener("click", (event) => {
  event.preventDefault();
  leave();
});

addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.repeat) return;
  if (event.timeStamp - escaped < 1000) leave();
  escaped = event.timeStamp;
});

if (exit.dataset.after) setTimeout(leave, exit.dataset.after * 1000);
