// A sheet entered quickly: the arrow keys walk from tick to tick, and how many are ticked stands beside the button.
// Everything works without it.
for (const sheet of document.querySelectorAll("form[data-sheet]")) {
  const boxes = [...sheet.querySelectorAll("input[type=checkbox]")];
  const count = sheet.querySelector("output[data-ticked]");
  const show = () => {
    count.textContent = `${boxes.filter((box) => box.checked).length} / ${boxes.length} ${count.dataset.ticked}`;
  };
  sheet.addEventListener("change", show);
  sheet.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const at = boxes.indexOf(event.target);
    if (step === undefined || at < 0) return;
    event.preventDefault();
    boxes[Math.min(Math.max(at + step, 0), boxes.length - 1)].focus();
  });
  show();
}
