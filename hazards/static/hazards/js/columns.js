/** Choose the columns of a table; the choice stays in this browser. */

/** Read the hidden columns from what was stored; anything unreadable means none. */
export function readHidden(stored, known) {
  try {
    const names = JSON.parse(stored ?? "[]");
    return Array.isArray(names) ? names.filter((name) => known.includes(name)) : [];
  } catch {
    return [];
  }
}

/** CSS that hides the columns, also on rows that arrive later. */
export function hidingRules(hidden) {
  return hidden.map((name) => `.table [data-col="${name}"]{display:none!important}`).join("");
}

export function chooseColumns() {
  const chooser = document.querySelector("[data-column-chooser]");
  const heads = [...document.querySelectorAll(".gaps-table thead [data-col]")];
  if (!chooser || heads.length === 0) return;
  const key = `columns:${chooser.dataset.columnChooser}`;
  const names = heads.map((head) => head.dataset.col);
  let hidden = readHidden(localStorage.getItem(key), names);
  const style = document.getElementById("hidden-columns") ?? document.head.appendChild(Object.assign(document.createElement("style"), { id: "hidden-columns" }));
  style.textContent = hidingRules(hidden);
  const menu = chooser.querySelector(".dropdown-menu");
  menu.replaceChildren(...heads.map((head) => columnBox(head, !hidden.includes(head.dataset.col))));
  menu.addEventListener("change", () => {
    hidden = [...menu.querySelectorAll("input:not(:checked)")].map((box) => box.value);
    localStorage.setItem(key, JSON.stringify(hidden));
    style.textContent = hidingRules(hidden);
  });
}

function columnBox(head, isShown) {
  const label = Object.assign(document.createElement("label"), { className: "dropdown-item form-check" });
  const box = Object.assign(document.createElement("input"), { type: "checkbox", className: "form-check-input", value: head.dataset.col, checked: isShown });
  const word = document.createElement("span");
  word.textContent = head.textContent.trim();
  label.append(box, word);
  return label;
}
