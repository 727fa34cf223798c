/** The map of one hazard: its shape, and its mark where it lies. */
import { makeMap, verdictMarker } from "../../common/js/map.js";
import { addDrawn } from "./drawn_layers.js";
import { COLOURS } from "../../common/js/verdicts.js";

const setup = JSON.parse(document.getElementById("record-map-setup").textContent);
const shape = JSON.parse(document.getElementById("record-shape").textContent);
const map = makeMap("record-map", { center: setup.center, zoom: setup.zoom, base: setup.base });
const colour = COLOURS[setup.verdict] ?? COLOURS.not_surveyed;
const style = { color: "#374151", weight: 2, fillColor: colour, fillOpacity: 0.35, interactive: false };
const isPoint = shape.type === "Point";
const layer = L.geoJSON(shape, { style, pointToLayer: (_, at) => verdictMarker(at, setup.verdict, { sizePx: 24 }) }).addTo(map);
const bounds = layer.getBounds();
if (isPoint) map.setView(bounds.getCenter(), 16);
else map.fitBounds(bounds, { padding: [24, 24], maxZoom: 17 });
if (!isPoint) verdictMarker(bounds.getCenter(), setup.verdict, { sizePx: 22 }).addTo(map);
addDrawn(map, JSON.parse(document.getElementById("record-drawn").textContent));
