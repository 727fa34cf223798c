/** Tick all surveys of a page; say how many are ticked; a press on a box does not open its row. */
const form = document.querySelector("[data-many]");
if (form) {
  const all = form.querySelector("[data-tick-all]");
  const boxes = [...form.querySelectorAll("[name=survey]")];
  const buttons = [...form.querySelectorAll("[name=decision]")];

  function show() {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked > 0 && ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
    for (const button of buttons) button.disabled = ticked === 0;
  }

  all.hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    show();
  });
  for (const box of boxes) box.addEventListener("change", show);
  for (const cell of form.querySelectorAll(".tick")) cell.addEventListener("click", (event) => event.stopPropagation());
  show();
}
