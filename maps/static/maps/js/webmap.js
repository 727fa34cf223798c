/** The map page: tiles of hazards, areas by children or coverage, a legend that counts. */
import { djangoMap, legend } from "../../common/js/map.js";
import { number, percent } from "../../common/js/format.js";
import { drawVerdict } from "../../common/js/verdicts.js";
import { areaClasses, areaStyle } from "./areas.js";
import { shownVerdicts, tileQuery } from "./query.js";
import { countPie, only } from "./counts.js";

const facts = JSON.parse(document.getElementById("webmap-facts").textContent);
const { words } = facts;
const panel = document.querySelector("[data-panel]");
const hint = document.querySelector("[data-hint]");
const state = { areas: null, tiles: null, legends: {} };

if (window.matchMedia("(max-width: 991.98px)").matches) {
  document.querySelector("[data-panel-fold]").removeAttribute("open");
}
const map = await djangoMap("hazards", { bounds: facts.bounds, base: facts.base });
besidePanel();
map.createPane("areas").style.zIndex = 150; // under the hazards

panel.addEventListener("change", refresh);
map.on("click", (event) => open(event.latlng));
map.on("zoomend", showHint);
refresh();

/** Where there is room, begin with the area beside the open panel instead of under it. */
function besidePanel() {
  const { width } = panel.getBoundingClientRect();
  if (!facts.bounds || width > map.getSize().x / 3) return;
  map.fitBounds(facts.bounds, { paddingTopLeft: [width + 60, 10], paddingBottomRight: [10, 10], maxZoom: 17, animate: false });
}

function chosen() {
  const form = new FormData(panel);
  return {
    verdicts: form.getAll("verdict"),
    kind: form.get("kind"),
    within: form.get("within"),
    areas: form.get("areas"),
  };
}

function refresh() {
  drawTiles();
  drawAreas();
  countShown();
  showHint();
}

function countShown() {
  const { verdicts, kind } = chosen();
  const total = Object.values(facts.counts).reduce((a, b) => a + b, 0);
  const n = verdicts.reduce((sum, verdict) => sum + (facts.counts[verdict] || 0), 0);
  document.querySelector("[data-shown]").textContent = kind ? "" : `${number(n)}/${number(total)}`;
}

function drawTiles() {
  if (state.tiles) map.removeLayer(state.tiles);
  const query = tileQuery(facts.query, chosen(), Object.keys(facts.counts));
  if (query === null) return;
  state.tiles = protomapsL.leafletLayer({
    url: `${facts.tiles}?${query}`,
    maxDataZoom: 16,
    attribution: "",
    labelRules: [],
    paintRules: [
      { dataLayer: "shapes", symbolizer: { draw: drawShape } },
      { dataLayer: "hazard_edges", symbolizer: { draw: drawMark } },
      { dataLayer: "hazards", symbolizer: { draw: drawMark } },
      { dataLayer: "count_edges", symbolizer: { draw: drawCount } },
      { dataLayer: "counts", symbolizer: { draw: drawCount } },
    ],
  });
  state.tiles.addTo(map);
}

function drawShape(context, geometry, zoom, feature) {
  context.beginPath();
  for (const part of geometry) part.forEach((p, i) => (i ? context.lineTo(p.x, p.y) : context.moveTo(p.x, p.y)));
  const isArea = feature.geomType === 3;
  if (isArea) {
    context.fillStyle = "rgba(11, 92, 138, 0.35)";
    context.fill();
  }
  context.strokeStyle = "#0b5c8a";
  context.lineWidth = isArea ? 1.2 : 2.5;
  context.stroke();
}

function drawMark(context, geometry, zoom, feature) {
  const { x, y } = geometry[0][0];
  drawVerdict(context, x, y, feature.props.verdict, zoom >= 15 ? 20 : zoom >= 13 ? 16 : 13);
}

function drawCount(context, geometry, zoom, feature) {
  const { x, y } = geometry[0][0];
  const verdict = only(feature.props);
  if (verdict) drawVerdict(context, x, y, verdict, 14);
  else countPie(context, x, y, feature.props);
}

async function drawAreas() {
  const { areas, within } = chosen();
  if (state.areas) map.removeLayer(state.areas);
  state.areas = null;
  if (areas === "none") return showLegend(null);
  const body = await fetchAreas(within);
  if (!body || chosen().areas !== areas) return;
  const classes = areaClasses(body.features, areas);
  state.areas = L.geoJSON(body, {
    pane: "areas",
    style: (feature) => areaStyle(feature.properties, areas, classes),
    onEachFeature: (feature, layer) => layer.bindTooltip(areaText(feature.properties), { sticky: true }),
  }).addTo(map);
  showLegend({ areas, classes, within });
}

async function fetchAreas(within) {
  const query = new URLSearchParams(facts.query);
  query.set("within", within);
  try {
    const answer = await fetch(`${facts.areas}?${query}`);
    if (answer.ok) return await answer.json();
  } catch {
    // told below: no connection and an error answer look the same to the reader
  }
  hint.textContent = words.failed;
  hint.hidden = false;
  return null;
}

function areaText(area) {
  const box = document.createElement("div");
  const line = (text, tag = "div") => {
    const element = document.createElement(tag);
    element.textContent = text;
    box.append(element);
  };
  line(area.name, "strong");
  line(
    area.children_exposed === null
      ? `${words.children}: ${words.notWorkedOut}`
      : `${words.children}: ${number(Math.round(area.children_exposed))}/${number(Math.round(area.children_total))}`,
  );
  line(
    area.in_scope
      ? `${words.coverage}: ${number(area.compliant)}/${number(area.in_scope)} (${percent(area.compliant, area.in_scope)})`
      : words.nothingInScope,
  );
  return box;
}

function showLegend(content) {
  state.legends.areas?.remove();
  state.legends.areas = null;
  if (!content) return;
  const { areas, classes, within } = content;
  const title = areas === "children" ? `${words.children} (${within}\u00a0m)` : words.coverage;
  state.legends.areas = legend(map, {
    title,
    rows: classes.rows(words),
    total: classes.total,
    notes: classes.total ? [words.unitsOfClasses, ...words.notes] : words.notes,
    position: "bottomright",
  });
}

function showHint() {
  const far = map.getZoom() <= facts.marksFromZoom; // a tile serves the zoom above its own
  hint.hidden = !far;
  if (far) hint.textContent = words.zoomIn;
}

function open(latlng) {
  const found = [...state.tiles.queryTileFeaturesDebug(latlng.lng, latlng.lat, 14).values()].flat();
  const mark = found.find((picked) => picked.layerName === "hazards");
  if (!mark) return;
  const { code, name, kind, verdict } = mark.feature.props;
  const box = document.createElement("div");
  const heading = document.createElement("h3");
  heading.textContent = name || words.unnamed;
  const text = document.createElement("p");
  text.textContent = `${code} · ${words.kinds[kind]} · ${words.verdicts[verdict]}`;
  const link = document.createElement("a");
  link.href = facts.record.replace("AT-0000000-0", code) + (facts.query ? `?${facts.query}` : "");
  link.textContent = words.open;
  box.append(heading, text, link);
  L.popup().setLatLng(latlng).setContent(box).openOn(map);
}

// For the browser tests: what is drawn, without looking at pixels.
window.safeshoreMap = { map, chosen, shown: () => shownVerdicts(chosen(), Object.keys(facts.counts)) };
