// What the page says, in its language: words come from the page, never from here.

const words = document.getElementById("words").content;

export const word = (name) => words.querySelector(`[data-word="${name}"]`).textContent;
export const icon = (outcome) => document.getElementById("outcomes").content.querySelector(`[data-outcome="${outcome}"] svg`).cloneNode(true);
export const byId = (id) => document.getElementById(id);

export function clockTime(moment) {
  return new Date(moment).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
}

export function make(tag, { className = "", text = "", ...data } = {}, ...children) {
  const made = document.createElement(tag);
  made.className = className;
  if (text) made.textContent = text;
  Object.assign(made.dataset, data);
  made.append(...children);
  return made;
}

let fading;
export function say(text) {
  const said = byId("said");
  said.textContent = text;
  said.hidden = false;
  clearTimeout(fading);
  fading = setTimeout(() => (said.hidden = true), 6000);
}
