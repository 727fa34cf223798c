/** The phone's own map: units, waters and marks from the pack, in the shapes of the office's maps. */
import { COLOURS, drawVerdict, verdictSvg } from "../../common/js/verdicts.js";

const MARK_PX = 22;
const NAMED_UNITS = 60; // more names are a wall of words

/** A mark that canvas draws by its shape, so that nobody needs to tell colours apart. */
function markClass() {
  L.Canvas.include({
    _verdictMark(layer) {
      if (!this._drawing || layer._empty()) return;
      drawVerdict(this._ctx, layer._point.x, layer._point.y, layer.options.verdict, MARK_PX);
    },
  });
  return L.CircleMarker.extend({ _updatePath() { this._renderer._verdictMark(this); } });
}

export function drawMap({ box, legend, pack, hazards, fix, words, verdicts, el, go }) {
  const Mark = markClass();
  const places = hazards.map((hazard) => [hazard.lat, hazard.lon]);
  const outlines = (pack?.units ?? []).map((unit) => L.geoJSON(unit.outline, { style: { color: "#6b7280", weight: 1.5, fill: false }, interactive: false }));
  const all = outlines.flatMap((outline) => { const b = outline.getBounds(); return [b.getSouthWest(), b.getNorthEast()]; });
  const bounds = fix ? around(L.latLng(fix.lat, fix.lon), places) : L.latLngBounds(places.length ? places : all);
  const map = L.map(box, { preferCanvas: true, attributionControl: false, zoomControl: false });
  L.control.zoom({ zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  map.fitBounds(bounds.isValid() ? bounds : [[8, 102], [23.5, 110]]);
  outlines.forEach((outline, n) => {
    outline.addTo(map);
    if (outlines.length > NAMED_UNITS) return;
    const name = el("span", {}, pack.units[n].name);
    L.marker(outline.getBounds().getCenter(), { interactive: false, keyboard: false, icon: L.divIcon({ className: "unit-name", html: name, iconSize: [120, 20] }) }).addTo(map);
  });
  for (const hazard of hazards) {
    if (hazard.outline) L.geoJSON(hazard.outline, { style: { color: "#2563eb", weight: 1.5, fillOpacity: 0.2 }, interactive: false }).addTo(map);
  }
  for (const hazard of hazards) {
    new Mark([hazard.lat, hazard.lon], { radius: MARK_PX / 2, verdict: hazard.verdict })
      .on("click", () => go("capture", { hazard })).bindTooltip(hazard.name || hazard.code).addTo(map);
  }
  if (fix) {
    L.circle([fix.lat, fix.lon], { radius: fix.accuracy, color: "#2563eb", weight: 1, interactive: false }).addTo(map);
    L.circleMarker([fix.lat, fix.lon], { radius: 6, color: "#fff", weight: 2, fillColor: "#2563eb", fillOpacity: 1, interactive: false }).addTo(map);
  }
  legend.replaceChildren(...Object.keys(COLOURS).map((verdict) => [verdict, hazards.filter((hazard) => hazard.verdict === verdict).length])
    .filter(([, count]) => count).map(([verdict, count]) => el("li", {}, markOf(verdict, el), `${verdicts[verdict] ?? ""} ${count}`)));
}

/** The mark of a verdict as an element; the word stands beside it. */
export function markOf(verdict, el) {
  const made = el("span", { class: "mark", "aria-hidden": "true" });
  made.innerHTML = verdictSvg(verdict, MARK_PX);
  return made;
}

/** The ground around where one stands, and as far as the nearest place: a map never opens empty. */
function around(here, places) {
  const bounds = here.toBounds(1500);
  const distances = places.map((place) => here.distanceTo(place));
  const nearest = places[distances.indexOf(Math.min(...distances))];
  return nearest && !bounds.contains(nearest) ? bounds.extend(nearest).pad(0.1) : bounds;
}
