/** Wiring of every page: dismiss, back, forms that send themselves, unit picker, toasts. */
import { toast } from "./toast.js";

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-dismiss]")) event.target.closest(".notice")?.remove();
  if (event.target.closest("[data-back]")) history.back();
  if (event.target.closest("[data-print]")) window.print();
});

// A row opens its record; a click on a link, a button or a box in it does what that says.
document.addEventListener("click", (event) => {
  const row = event.target.closest("tr[data-href]");
  if (!row || event.target.closest("a, button, input, label, select") || getSelection()?.toString()) return;
  window.location.assign(row.dataset.href);
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-submit-on-change]");
  if (form && form.checkValidity()) form.requestSubmit();
});

// The unit picker: filled when it opens, arrows move through the names, Enter takes the first.
document.addEventListener("shown.bs.dropdown", (event) => {
  const input = event.target.closest(".picker")?.querySelector("#unit-q");
  if (!input) return;
  input.focus();
  window.htmx?.trigger(input, "unit-picker-open");
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-unit-picker]")) return;
  event.preventDefault();
  event.target.closest(".picker").querySelector(".picker-list a")?.click();
});

document.addEventListener("keydown", (event) => {
  const picker = event.target.closest?.(".picker .dropdown-menu");
  if (!picker || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
  const stops = [...picker.querySelectorAll("input[type=search], .picker-list a")];
  const next = stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
  stops[Math.max(0, Math.min(stops.length - 1, next))]?.focus();
  event.preventDefault();
  event.stopPropagation();
}, true);

// A view may answer with HX-Trigger: {"toast": {"text": "...", "kind": "success"}}.
document.addEventListener("toast", (event) => toast(event.detail.text ?? event.detail.value, event.detail));

document.addEventListener("click", (event) => {
  const input = event.target.closest("input[data-show-picker]");
  if (input?.showPicker) input.showPicker();
});

/** A table wider than the page scrolls in its frame: let the arrow keys scroll it, too. */
function letKeysScroll() {
  for (const frame of document.querySelectorAll(".table-wrap:not([tabindex])")) {
    if (frame.scrollWidth > frame.clientWidth || frame.scrollHeight > frame.clientHeight) frame.tabIndex = 0;
  }
}

letKeysScroll();
addEventListener("resize", letKeysScroll);
document.addEventListener("htmx:afterSwap", letKeysScroll);
