/** The map of one change of a shape: before dashed, after in a full line. */
import { makeMap } from "../../common/js/map.js";

const setup = JSON.parse(document.getElementById("history-map-setup").textContent);
const shapes = JSON.parse(document.getElementById("history-shapes").textContent);
const map = makeMap("history-map", { center: setup.center, zoom: setup.zoom, base: setup.base });
const group = L.featureGroup().addTo(map);
const STYLES = {
  before: { color: "#6b7280", weight: 2, dashArray: "6 5", fillOpacity: 0.08 },
  after: { color: "#1d4ed8", weight: 3, fillOpacity: 0.15 },
};

function show(id) {
  group.clearLayers();
  for (const [when, style] of Object.entries(STYLES)) {
    const shape = shapes[id]?.[when];
    if (!shape) continue;
    L.geoJSON(shape, {
      style,
      pointToLayer: (_, at) => L.circleMarker(at, { ...style, radius: 8 }),
    }).addTo(group);
  }
  map.fitBounds(group.getBounds(), { padding: [30, 30], maxZoom: 18 });
}

for (const button of document.querySelectorAll("[data-shape]")) {
  button.addEventListener("click", () => show(button.dataset.shape));
}
const first = document.querySelector("[data-shape]");
if (first) show(first.dataset.shape);
