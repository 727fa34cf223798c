/** The candidate on a map with the registered waters near it, and keys to decide by. */
import { makeMap, verdictIcon } from "../../common/js/map.js";

const setup = JSON.parse(document.getElementById("candidate-setup").textContent);
const map = makeMap(document.getElementById("candidate-map"), { center: setup.center, zoom: setup.zoom, base: setup.base });

const shape = L.geoJSON(setup.shape, {
  style: { color: "#8a3ffc", weight: 3, dashArray: "6 4", fillOpacity: 0.2 },
  pointToLayer: (_, at) => L.circleMarker(at, { radius: 9, color: "#8a3ffc", weight: 3, dashArray: "4 3", fillOpacity: 0.2 }),
}).addTo(map);
const bounds = shape.getBounds();
for (const { code, name, at, verdict } of setup.near) {
  const mark = L.marker([at[1], at[0]], { icon: verdictIcon(verdict || "not_surveyed"), title: name || code });
  mark.on("click", () => (window.location.href = `${setup.recordBase}${code}/`));
  mark.addTo(map);
  bounds.extend([at[1], at[0]]);
}
map.fitBounds(bounds, { padding: [30, 30], maxZoom: 17 });

const form = document.getElementById("decision");
document.addEventListener("keydown", (event) => {
  if (!form || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
  const button = form.querySelector(`[data-key="${event.key.toLowerCase()}"]`);
  if (!button) return;
  event.preventDefault();
  const reason = form.elements.reason;
  if (button.value === "reject" && !reason.value) reason.focus();
  else button.click();
});
