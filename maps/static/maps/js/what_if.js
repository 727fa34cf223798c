/** Tick waters as protected: the figures come back while one looks. */
import { makeMap, verdictMarker } from "../../common/js/map.js";
import { people } from "../../common/js/format.js";
import { request } from "../../common/js/http.js";

const form = document.querySelector("[data-what-if]");
if (form) start(form);

function start(form) {
  const drawn = JSON.parse(document.getElementById("what-if-drawn").textContent);
  const words = JSON.parse(document.getElementById("what-if-words").textContent);
  const circles = drawMap(drawn, form);
  let asked = 0;
  let abort = null;

  async function ask() {
    abort?.abort();
    abort = new AbortController();
    const mine = (asked += 1);
    const error = form.querySelector("[data-error]");
    form.setAttribute("aria-busy", "true");
    try {
      const found = await request(`${form.dataset.figures}?${queryOf(form)}`, { signal: abort.signal });
      if (mine !== asked) return;
      show(form, found, words);
      error.hidden = true;
      history.replaceState(null, "", `?${queryOf(form)}`);
    } catch (problem) {
      if (problem.name === "AbortError" || mine !== asked) return;
      error.textContent = problem.message;
      error.hidden = false;
    } finally {
      if (mine === asked) form.removeAttribute("aria-busy");
    }
  }

  form.addEventListener("change", (event) => {
    if (event.target.name === "within") return form.requestSubmit();
    if (event.target.name === "protect") {
      circles.mark(event.target.value, event.target.checked);
      ask();
    }
    return undefined;
  });
}

function queryOf(form) {
  const data = new FormData(form);
  data.delete("suggest");
  return new URLSearchParams(data).toString();
}

function show(form, found, words) {
  form.querySelector("[data-now]").textContent = people(found.now);
  form.querySelector("[data-then]").textContent = people(found.then);
  form.querySelector("[data-freed]").textContent = people(Math.max(0, found.now - found.then));
  const ticked = new Set(found.protected);
  for (const cell of form.querySelectorAll("[data-gain]")) {
    const gain = found.gains[cell.dataset.gain];
    cell.textContent = ticked.has(cell.dataset.gain) ? words.ticked : gain === undefined ? "–" : people(gain);
  }
}

/** Draw marks and circles; a press on a mark ticks its water in the list. */
function drawMap(drawn, form) {
  const spots = drawn.marks.map((mark) => mark.at);
  const map = makeMap("what-if-map", { base: drawn.base, center: spots[0] ?? [16, 107], zoom: 13 });
  const circles = new Map();
  for (const mark of drawn.marks) {
    circles.set(mark.code, L.circle(mark.at, { radius: drawn.within_m, interactive: false, weight: 1 }).addTo(map));
    verdictMarker(mark.at, mark.verdict, { title: mark.name }).addTo(map).on("click", () => {
      const box = boxOf(form, mark.code);
      if (!box) return;
      box.checked = !box.checked;
      box.dispatchEvent(new Event("change", { bubbles: true }));
      box.closest("li").scrollIntoView({ block: "nearest" });
    });
  }
  if (spots.length > 1) map.fitBounds(L.latLngBounds(spots), { padding: [30, 30], maxZoom: 16, animate: false });
  const mark = (code, isProtected) =>
    circles.get(code)?.setStyle(isProtected ? { color: "#15803d", fillOpacity: 0.05, dashArray: "4 4" } : { color: "#b45309", fillOpacity: 0.15, dashArray: null });
  for (const { code } of drawn.marks) mark(code, Boolean(boxOf(form, code)?.checked));
  return { mark };
}

function boxOf(form, code) {
  return form.querySelector(`input[name=protect][value="${CSS.escape(code)}"]`);
}
