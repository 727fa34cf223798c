/** The list and its map in step: the same rows, hover and selection in both. */
import { watchFilters } from "./filters.js";
import { ListMap } from "./list_map.js";

const setup = JSON.parse(document.getElementById("list-map-setup").textContent);
const listMap = new ListMap("list-map", setup, {
  onHover: (code) => markRow(code),
  onCount: (text) => (document.getElementById("map-count").textContent = text),
});

function rowOf(code) {
  return document.querySelector(`#results tr[data-code="${CSS.escape(code)}"]`);
}

function markRow(code) {
  document.querySelectorAll("#results tr.selected").forEach((row) => row.classList.remove("selected"));
  const row = code && rowOf(code);
  if (!row) return;
  row.classList.add("selected");
  row.scrollIntoView({ block: "nearest" });
}

function showPoints() {
  listMap.load(document.getElementById("results").dataset.points);
}

for (const kind of ["mouseover", "focusin"]) {
  document.addEventListener(kind, (event) => {
    const row = event.target.closest?.("#results tr[data-code]");
    if (row) listMap.mark(row.dataset.code);
  });
}
document.addEventListener("mouseout", (event) => {
  if (event.target.closest?.("#results tr[data-code]")) listMap.mark(null);
});

// On a phone one of the two is on the screen.
document.querySelector(".view-switch").addEventListener("click", (event) => {
  const button = event.target.closest("[data-show]");
  if (!button) return;
  document.querySelector(".list-split").classList.toggle("show-map", button.dataset.show === "map");
  for (const other of document.querySelectorAll("[data-show]")) other.classList.toggle("active", other === button);
  if (button.dataset.show === "map") listMap.refit();
});

watchFilters(showPoints);
showPoints();
