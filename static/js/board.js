// The live board renews itself: it asks with the version it has seen, only while somebody can see it, less often while
// nobody answers, and says since when it has heard nothing. htmx could ask too, but whether the page is visible it would
// find out by evaluating code, which the content policy refuses.

const EVERY = 10_000; // milliseconds
const AT_MOST = 120_000; // between two attempts while the server cannot be reached
const SPREAD = 0.2; // boards that were opened together do not ask together

const byId = (id) => document.getElementById(id);
let wait = EVERY;
let timer;
let isAsking = false;
let heardAt = new Date();

async function ask() {
  clearTimeout(timer);
  if (document.hidden || isAsking) return;
  isAsking = true;
  try {
    const address = new URL(location.href);
    address.searchParams.set("seen", byId("board").dataset.version);
    const answer = await fetch(address, { headers: { Accept: "text/html" }, redirect: "manual", signal: AbortSignal.timeout(8000) });
    // Sent to the sign-in page, or not allowed any more: asking again would not help.
    if (answer.type === "opaqueredirect" || answer.status === 403) return end();
    if (answer.status === 200) show(new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("board"));
    else if (answer.status !== 204) throw new Error(`status ${answer.status}`);
    heardAt = new Date();
    wait = EVERY;
    byId("stale").hidden = true;
    byId("as-of").textContent = clock(heardAt);
  } catch {
    wait = Math.min(wait * 2, AT_MOST);
    byId("since").textContent = clock(heardAt);
    byId("stale").hidden = false;
  } finally {
    isAsking = false;
  }
  timer = setTimeout(ask, wait * (1 - SPREAD + 2 * SPREAD * Math.random()));
}

function show(fresh) {
  if (!fresh) throw new Error("no board in the answer");
  const board = byId("board");
  const held = board.contains(document.activeElement) && document.activeElement.getAttribute("href");
  board.replaceWith(fresh);
  // Whoever was on a link of the board with the keyboard still is.
  if (held) fresh.querySelector(`a[href="${CSS.escape(held)}"]`)?.focus({ preventScroll: true });
}

function end() {
  byId("stale").hidden = true;
  byId("renews").hidden = true;
  byId("gone").hidden = false;
}

function clock(moment) {
  const zone = byId("board").dataset.zone;
  return moment.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: zone });
}

document.addEventListener("visibilitychange", ask);
byId("renews").hidden = false;
timer = setTimeout(ask, EVERY);
