// One question at a time, with a way back and an overview of all; without this script the same form is one plain page.

export class Screens {
  constructor(form, words) {
    this.form = form;
    this.words = words;
    this.questions = [...form.querySelectorAll("fieldset.question")];
    this.end = form.querySelector("#end");
    this.steps = form.querySelector("#steps");
    this.list = form.querySelector("#overview");
    this.buttons = this.questions.map((question, place) => this.#button(place));
    this.steps.querySelector("#back").addEventListener("click", () => this.show(this.place - 1));
    this.steps.querySelector("#next").addEventListener("click", () => this.show(this.place + 1));
    this.steps.querySelector("#all").addEventListener("click", () => this.show(this.questions.length));
    this.steps.hidden = this.list.hidden = false;
    form.classList.add("stepwise");
  }

  /** Show the question at this place; the last place is the overview, from where the answers are sent. */
  show(place, focus = true) {
    this.place = Math.min(Math.max(place, 0), this.questions.length);
    const isEnd = this.place === this.questions.length;
    this.questions.forEach((question, other) => (question.hidden = other !== this.place));
    this.end.hidden = !isEnd;
    this.steps.querySelector("#back").hidden = this.place === 0;
    this.steps.querySelector("#next").hidden = this.steps.querySelector("#all").hidden = isEnd;
    if (isEnd) this.mark();
    const shown = isEnd ? this.end : this.questions[this.place];
    if (focus) {
      const start = shown.querySelector("legend, h2");
      start.tabIndex = -1;
      start.focus({ preventScroll: true });
      scrollTo(0, 0);
    }
  }

  /** Places of the questions without an answer. */
  gaps() {
    return this.questions.flatMap((question, place) => (isAnswered(question) ? [] : [place]));
  }

  /** Say in the overview which questions have no answer. */
  mark() {
    const gaps = this.gaps();
    this.buttons.forEach((button, place) => {
      const isGap = gaps.includes(place);
      button.classList.toggle("gap", isGap);
      button.querySelector(".sign").textContent = isGap ? "–" : "✓";
      button.setAttribute("aria-label", `${place + 1}: ${isGap ? this.words.open : this.words.answered}`);
    });
    const consent = this.end.querySelector("#gaps");
    consent.hidden = gaps.length === 0;
    consent.querySelector("input").required = gaps.length > 0;
    if (!gaps.length) consent.querySelector("input").checked = false;
  }

  #button(place) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.append(`${place + 1} `, Object.assign(document.createElement("span"), { className: "sign" }));
    button.addEventListener("click", () => this.show(place));
    item.append(button);
    this.list.append(item);
    return button;
  }
}

function isAnswered(question) {
  const selects = [...question.querySelectorAll("select")];
  if (selects.length) return selects.every((select) => select.value);
  const typed = question.querySelector("textarea, input[type=text]");
  return typed ? typed.value.trim() !== "" : question.querySelector(":checked") !== null;
}
