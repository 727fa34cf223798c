/** Where the rows of a file fall: new ones as dots, moved ones as lines from old to new. */
import { makeMap } from "../../common/js/map.js";

function draw() {
  const element = document.getElementById("import-map");
  if (!element || element.dataset.drawn) return;
  element.dataset.drawn = "yes";
  const setup = JSON.parse(document.getElementById("import-setup").textContent);
  const map = makeMap(element, { center: setup.center, zoom: setup.zoom, base: setup.base });
  const marks = L.featureGroup().addTo(map);
  const at = ([lon, lat]) => [lat, lon];
  for (const position of setup.preview.new) {
    L.circleMarker(at(position), { radius: 5, weight: 1, color: "#0b5a8a", fillColor: "#2a8fd0", fillOpacity: 0.8 }).addTo(marks);
  }
  for (const move of setup.preview.moves) {
    L.polyline([at(move.from), at(move.to)], { color: "#a8590b", weight: 3 }).bindTooltip(`${move.name || move.code}: ${move.metres} m`).addTo(marks);
    L.circleMarker(at(move.to), { radius: 5, weight: 2, color: "#a8590b", fillColor: "#fff", fillOpacity: 1 }).addTo(marks);
  }
  if (marks.getLayers().length) map.fitBounds(marks.getBounds(), { padding: [24, 24], maxZoom: 15, animate: false });
}

draw();
document.body.addEventListener("htmx:afterSettle", draw);
