/** Show only the fields that the chosen change needs. */
const NEEDS = {
  responsible_body: ["body", "new_body", "new_body_kind"],
  lifecycle: ["lifecycle"],
  depth_class: ["depth_class"],
  hamlet: ["text"],
  note: ["text"],
};
const chosen = document.querySelector("[name=field]");
const all = new Set(Object.values(NEEDS).flat());

function show() {
  for (const name of all) {
    const box = document.querySelector(`[data-for="${name}"]`);
    if (box) box.hidden = !NEEDS[chosen.value].includes(name);
  }
}

chosen?.addEventListener("change", show);
if (chosen) show();
