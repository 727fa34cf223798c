/** Draw one shape: a point, a line or an outline, corner by corner, with steps back and on. */
import { makeMap } from "../../common/js/map.js";
import { hectares, metres } from "../../common/js/format.js";
import { addDrawn } from "./drawn_layers.js";

const setup = JSON.parse(document.getElementById("draw-setup").textContent);
const words = document.getElementById("draw-words").dataset;
const form = document.getElementById("draw-form");
const field = form.elements.drawn;
const hint = document.getElementById("draw-hint");
const tools = Object.fromEntries([...form.querySelectorAll("[data-draw]")].map((one) => [one.dataset.draw, one]));
const MOST_CORNERS = 1500;
const LINES = new Set(["fence", "guardrail", "buoy_line", "steps_rope"]);
const STYLE = { color: "#7c3aed", weight: 4, fillOpacity: 0.15 };
const VIETNAM = { west: 102, south: 6, east: 118, north: 23.5 };

const map = makeMap("draw-map", { center: setup.center, zoom: setup.zoom, base: setup.base });
const quiet = { color: "#9ca3af", weight: 1, fill: false, interactive: false };
const ground = L.featureGroup((setup.outlines ?? []).map((unit) => L.geoJSON(unit.geometry, { style: quiet }))).addTo(map);
const used = L.geoJSON(setup.used ?? [], {
  style: { color: "#374151", weight: 2, fillColor: "#60a5fa", fillOpacity: setup.isShape ? 0.1 : 0.3, interactive: false },
  pointToLayer: (_, at) => L.circleMarker(at, { radius: 9, color: "#374151", fillColor: "#60a5fa", fillOpacity: 0.8, interactive: false }),
}).addTo(map);
const around = addDrawn(map, setup, { skip: setup.editing });
const parts = L.featureGroup().addTo(map);
let drawing = null;
const steps = [];
let at = -1;

const corner = new L.DivIcon({ iconSize: [12, 12], className: "draw-corner" });
Object.assign(L.Edit.PolyVerticesEdit.prototype.options, { icon: corner, touchIcon: new L.DivIcon({ iconSize: [20, 20], className: "draw-corner" }) });
L.drawLocal.draw.handlers.marker.tooltip.start = setup.hints.point;
for (const [kind, text] of [["polyline", setup.hints.line], ["polygon", setup.hints.outline]]) {
  Object.assign(L.drawLocal.draw.handlers[kind].tooltip, { start: text, cont: text, end: text });
}

/** The form that is drawn now: as chosen, or as the kind of thing asks for. */
function wanted() {
  if (form.elements.form) return form.elements.form.value;
  const kind = form.elements.kind.value;
  if (kind === "shoreline" || LINES.has(kind)) return "line";
  return "point";
}

function show(geometry) {
  parts.clearLayers();
  if (geometry) {
    L.geoJSON(flat(geometry), { style: STYLE, pointToLayer: (_, place) => L.marker(place, { icon: pin(), draggable: true, keyboard: false }) }).eachLayer(addPart);
  }
  editCorners();
  tell();
}

/** A collection of single parts, since corners are moved part by part. */
function flat(geometry) {
  const single = geometry.type.replace("Multi", "");
  const all = geometry.type.startsWith("Multi") ? geometry.coordinates : [geometry.coordinates];
  return { type: "FeatureCollection", features: all.map((coordinates) => ({ type: "Feature", properties: {}, geometry: { type: single, coordinates } })) };
}

function pin() {
  return L.divIcon({ className: "", iconSize: [26, 26], html: '<svg width="26" height="26" viewBox="0 0 26 26" aria-hidden="true"><circle cx="13" cy="13" r="9" fill="#7c3aed" fill-opacity=".35" stroke="#7c3aed" stroke-width="3"/><circle cx="13" cy="13" r="2" fill="#7c3aed"/></svg>' });
}

function addPart(layer) {
  layer.on("dragend edit", remember);
  parts.addLayer(layer);
}

function corners() {
  return parts.getLayers().reduce((sum, layer) => sum + (layer.getLatLngs ? layer.getLatLngs().flat(2).length : 1), 0);
}

function editCorners() {
  const tooMany = corners() > MOST_CORNERS;
  parts.eachLayer((layer) => layer.editing && !tooMany && layer.getLatLngs && layer.editing.enable());
  hint.textContent = tooMany ? words.many : "";
}

/** All parts as one geometry; null when nothing is drawn. */
function geometry() {
  const shapes = parts.getLayers().map((layer) => layer.toGeoJSON(7).geometry);
  if (shapes.length === 0) return null;
  if (shapes.length === 1) return shapes[0];
  return { type: `Multi${shapes[0].type}`, coordinates: shapes.map((shape) => shape.coordinates) };
}

function remember() {
  const now = JSON.stringify(geometry());
  if (steps[at] === now) return;
  steps.splice(at + 1);
  steps.push(now);
  at = steps.length - 1;
  tell();
}

function go(to) {
  stop();
  at = to;
  show(JSON.parse(steps[at]));
}

function tell() {
  const drawn = geometry();
  field.value = drawn ? JSON.stringify(drawn) : "";
  tools.undo.disabled = at <= 0;
  tools.redo.disabled = at >= steps.length - 1;
  tools.clear.disabled = !drawn;
  tools.add.hidden = !drawn || wanted() === "point";
  tools.here.hidden = wanted() !== "point";
  document.getElementById("draw-typed").closest("label").hidden = wanted() !== "point";
  document.getElementById("draw-size").textContent = size(drawn);
}

function size(drawn) {
  if (!drawn || drawn.type === "Point") return "";
  const ring = (latlngs, closed) => latlngs.reduce((sum, point, i) => {
    const next = latlngs[i + 1] ?? (closed ? latlngs[0] : null);
    return next ? sum + map.distance(point, next) : sum;
  }, 0);
  const rings = parts.getLayers().map((layer) => layer.getLatLngs());
  if (drawn.type.endsWith("LineString")) return words.length.replace("{length}", metres(rings.reduce((sum, one) => sum + ring(one, false), 0)));
  const area = rings.reduce((sum, [outer, ...holes]) => sum + L.GeometryUtil.geodesicArea(outer) - holes.reduce((h, hole) => h + L.GeometryUtil.geodesicArea(hole), 0), 0);
  return words.area.replace("{area}", hectares(area)).replace("{length}", metres(rings.reduce((sum, [outer]) => sum + ring(outer, true), 0)));
}

function start({ keep }) {
  stop();
  if (!keep) parts.clearLayers();
  const kind = wanted();
  const Handler = { point: L.Draw.Marker, line: L.Draw.Polyline, outline: L.Draw.Polygon }[kind];
  drawing = new Handler(map, kind === "point" ? { icon: pin() } : { shapeOptions: STYLE, allowIntersection: kind === "line" });
  drawing.enable();
  hint.textContent = `${setup.hints[kind]} ${words.cancel}`;
}

function stop() {
  drawing?.disable();
  drawing = null;
  hint.textContent = "";
}

function setPoint(lat, lon) {
  stop();
  show({ type: "Point", coordinates: [lon, lat] });
  remember();
  map.setView([lat, lon], Math.max(map.getZoom(), 17));
}

map.on(L.Draw.Event.CREATED, ({ layer }) => {
  drawing = null;
  if (layer instanceof L.Marker) return setPoint(layer.getLatLng().lat, layer.getLatLng().lng);
  if (layer.setStyle) layer.setStyle(STYLE);
  addPart(layer);
  editCorners();
  remember();
});
map.on(L.Draw.Event.EDITVERTEX, remember);

tools.start.addEventListener("click", () => start({ keep: false }));
tools.add.addEventListener("click", () => start({ keep: true }));
tools.undo.addEventListener("click", () => at > 0 && go(at - 1));
tools.redo.addEventListener("click", () => at < steps.length - 1 && go(at + 1));
tools.clear.addEventListener("click", () => { stop(); show(null); remember(); });
tools.here.addEventListener("click", () => {
  navigator.geolocation?.getCurrentPosition(
    ({ coords }) => {
      setPoint(coords.latitude, coords.longitude);
      if (form.elements.accuracy_m) form.elements.accuracy_m.value = Math.ceil(coords.accuracy);
      if (form.elements.position_method) form.elements.position_method.value = "gps";
    },
    () => { hint.textContent = words.moved; },
    { enableHighAccuracy: true, timeout: 15000 },
  );
});
document.getElementById("draw-typed").addEventListener("change", (event) => {
  const [lat, lon] = event.target.value.split(/[;,\s]+/).filter(Boolean).map(Number);
  const isThere = lat >= VIETNAM.south && lat <= VIETNAM.north && lon >= VIETNAM.west && lon <= VIETNAM.east;
  if (isThere) setPoint(lat, lon);
  else hint.textContent = words.typed;
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") stop();
  if (!(event.ctrlKey || event.metaKey) || /input|textarea|select/i.test(event.target.tagName)) return;
  if (event.key === "z" && !event.shiftKey && at > 0) { event.preventDefault(); go(at - 1); }
  if ((event.key === "y" || (event.key === "z" && event.shiftKey)) && at < steps.length - 1) { event.preventDefault(); go(at + 1); }
});
for (const name of ["form", "kind"]) {
  form.elements[name]?.addEventListener("change", () => {
    const drawn = geometry();
    const fits = drawn && { point: "Point", line: "LineString", outline: "Polygon" }[wanted()] === drawn.type.replace("Multi", "");
    if (drawn && !fits) { show(null); remember(); }
    tell();
  });
}

const sent = field.value ? JSON.parse(field.value) : null;
const begun = sent ?? setup.before;
show(begun && begun.type ? begun : null);
remember();
const bounds = [parts, around].map((group) => group.getBounds()).filter((box) => box.isValid()).reduce((all, box) => all.extend(box), (setup.used ? used : ground).getBounds());
if (bounds.isValid()) map.fitBounds(bounds, { padding: [40, 40], maxZoom: 17 });
if (!begun) start({ keep: false });
