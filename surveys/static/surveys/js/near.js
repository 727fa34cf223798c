/** The near-me page: ask the phone where it is, fetch the list in that order, draw it on a map. */
import { makeMap, verdictMarker } from "../../common/js/map.js";
import { describe, watch } from "./position.js";

const { words, base } = JSON.parse(document.getElementById("near-words").textContent);
const line = document.querySelector("[data-position-line]");
const list = document.getElementById("near-list");
let here = null;

function draw() {
  const element = document.getElementById("near-map");
  const rows = [...list.querySelectorAll("[data-lat]")];
  if (!element || !rows.length) return;
  const places = rows.map((row) => [Number(row.dataset.lat), Number(row.dataset.lon)]);
  const shown = here ? [[here.lat, here.lon], ...places.slice(0, 12)] : places;
  const map = makeMap(element, { bounds: L.latLngBounds(shown), base });
  rows.forEach((row, i) => {
    const marker = verdictMarker(places[i], row.dataset.verdict, { title: row.dataset.title, targetPx: 44, sizePx: 22 });
    marker.on("click", () => window.location.assign(row.href)).addTo(map);
  });
  if (here) L.circleMarker([here.lat, here.lon], { radius: 9, color: "#fff", weight: 3, fillColor: "#0b5c8a", fillOpacity: 1 }).addTo(map);
}

async function order(fix) {
  const query = new URLSearchParams({ lat: fix.lat.toFixed(5), lon: fix.lon.toFixed(5), q: document.getElementById("q").value });
  const response = await fetch(`${line.dataset.nearUrl}?${query}`, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!response?.ok) return;
  list.innerHTML = await response.text();
  here = fix;
  draw();
}

draw();
line.textContent = words.searching;
const stop = watch({
  onFix(fix) {
    const said = describe({ fix, from: "gps", hazard: null, words });
    line.dataset.quality = said.quality;
    line.textContent = said.text;
    order(fix);
    stop();
  },
  onFail: (name) => (line.textContent = words[`${name}List`]),
});
