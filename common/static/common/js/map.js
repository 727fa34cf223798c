/** Leaflet as this product uses it. Leaflet itself comes from {% leaflet_js %} and is global L. */
import { number, percent } from "./format.js";
import { verdictSvg } from "./verdicts.js";

const PAPER = { width: "180mm", height: "110mm" };
const DEFAULTS = { minZoom: 5, maxZoom: 19, zoomControl: true, attributionControl: true };

/**
 * Make a map in ``element`` (or its id). center [lat, lng]; bounds [[south, west], [north, east]].
 * ``base``: {url, attribution} of a tile server, none by default. Other options go to L.map.
 */
export function makeMap(element, { center, zoom = 12, bounds, base, ...options } = {}) {
  const map = L.map(element, { ...DEFAULTS, ...options });
  return dress(map, { center, zoom, bounds, base });
}

/** Wait for the map of {% leaflet_map "name" %}, and give it the house's controls. */
export function djangoMap(name, { center, zoom, bounds, base } = {}) {
  return new Promise((resolve) => {
    window.addEventListener("map:init", (event) => {
      if (event.detail.id === name) resolve(dress(event.detail.map, { center, zoom, bounds, base, hasScale: true }));
    });
  });
}

function dress(map, { center, zoom, bounds, base, hasScale = false }) {
  map.attributionControl?.setPrefix("");
  if (!hasScale) L.control.scale({ imperial: false, maxWidth: 140 }).addTo(map);
  if (base?.url) L.tileLayer(base.url, { attribution: base.attribution, maxZoom: 19 }).addTo(map);
  if (bounds) map.fitBounds(bounds, { padding: fitPadding(map), maxZoom: 17, animate: false });
  else if (center) map.setView(center, zoom);
  addHatch();
  hidePointerHandles(map);
  followSize(map);
  return map;
}

const POINTER_ONLY = ["leaflet-mouse-marker", "draw-corner"];

/** Leaflet.draw's handles call themselves buttons, but a keyboard can neither press nor move them. */
function hidePointerHandles(map) {
  map.on("layeradd", ({ layer }) => {
    const icon = layer.getElement?.();
    if (!POINTER_ONLY.some((name) => icon?.classList?.contains(name))) return;
    icon.removeAttribute("role");
    icon.removeAttribute("tabindex");
  });
}

/** Pixels kept free around what is fitted: on a phone each one may cost a whole zoom. */
function fitPadding(map) {
  return map.getSize().x < 600 ? [4, 4] : [20, 20];
}

/** A map in a hidden tab or a turning phone learns its new size; on paper it is drawn again. */
function followSize(map) {
  if ("ResizeObserver" in window) new ResizeObserver(() => map.invalidateSize()).observe(map.getContainer());
  printSameArea(map);
}

/** Paper is narrower than the screen: show the same area there, at the size of print.css. */
function printSameArea(map) {
  const box = map.getContainer();
  let before = null;
  window.addEventListener("beforeprint", () => {
    before = { bounds: map.getBounds(), css: box.style.cssText, center: map.getCenter(), zoom: map.getZoom() };
    Object.assign(box.style, PAPER);
    map.invalidateSize({ animate: false, pan: false });
    map.fitBounds(before.bounds, { animate: false });
  });
  window.addEventListener("afterprint", () => {
    box.style.cssText = before.css;
    map.invalidateSize({ animate: false, pan: false });
    map.setView(before.center, before.zoom, { animate: false });
  });
}

/** Put the pattern "nobody has looked" into the page once; areas use fillColor: UNSEEN_FILL. */
export function addHatch() {
  if (document.getElementById("hatch-unseen")) return;
  document.body.insertAdjacentHTML(
    "beforeend",
    '<svg width="0" height="0" style="position:absolute" aria-hidden="true"><defs>' +
      '<pattern id="hatch-unseen" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">' +
      '<rect width="7" height="7" fill="#fff"/><rect width="1.6" height="7" fill="#8b93a0"/></pattern></defs></svg>',
  );
}

/** An icon with the mark of a verdict; the press target is at least ``targetPx`` wide. */
export function verdictIcon(verdict, { sizePx = 18, targetPx = 28, isSelected = false } = {}) {
  const box = Math.max(sizePx, targetPx);
  return L.divIcon({
    className: `verdict-pin${isSelected ? " is-selected" : ""}`,
    html: verdictSvg(verdict, sizePx),
    iconSize: [box, box],
    iconAnchor: [box / 2, box / 2],
    popupAnchor: [0, -sizePx / 2],
  });
}

/** A marker at [lat, lng]; ``title`` is its name for mouse, keyboard and screen reader. */
export function verdictMarker(latlng, verdict, { title = "", ...look } = {}) {
  return L.marker(latlng, { icon: verdictIcon(verdict, look), title, alt: title, keyboard: Boolean(title), interactive: Boolean(title) });
}

/** A round count for a group of markers (leaflet.markercluster's iconCreateFunction). */
export function clusterIcon(cluster) {
  const count = cluster.getChildCount();
  const px = count < 10 ? 32 : count < 100 ? 38 : 46;
  return L.divIcon({ className: "cluster-pin", html: `<span>${number(count)}</span>`, iconSize: [px, px] });
}

/**
 * Add the legend, always open. All words come from the page, translated.
 * rows: [{verdict | colour | unseen, label, n}], total for n/N and percent; title, date, sources.
 */
export function legend(map, { title, rows, total, notes = [], position = "bottomright" }) {
  const control = L.control({ position });
  control.onAdd = () => {
    const box = L.DomUtil.create("div", "legend");
    box.tabIndex = 0; // on a phone it scrolls
    L.DomEvent.disableClickPropagation(box);
    L.DomEvent.disableScrollPropagation(box);
    fillLegend(box, { title, rows, total, notes });
    return box;
  };
  control.update = (content) => fillLegend(control.getContainer(), { title, notes, ...content });
  return control.addTo(map);
}

function fillLegend(box, { title, rows, total, notes }) {
  const table = document.createElement("table");
  for (const row of rows) table.append(legendRow(row, total));
  const heading = document.createElement("h2");
  heading.textContent = title;
  const foot = notes.filter(Boolean).map((note) => {
    const line = document.createElement("p");
    line.className = "foot-note";
    line.textContent = note;
    return line;
  });
  box.replaceChildren(heading, table, ...foot);
}

function legendRow({ verdict, colour, unseen, label, n }, total) {
  const line = document.createElement("tr");
  const [mark, words, figure] = [0, 1, 2].map(() => line.insertCell());
  if (verdict) mark.innerHTML = verdictSvg(verdict, 16);
  else {
    const swatch = document.createElement("span");
    swatch.className = unseen ? "swatch swatch-unseen" : "swatch";
    if (!unseen) swatch.style.background = colour;
    mark.append(swatch);
  }
  words.textContent = label;
  if (n !== undefined) figure.textContent = total ? `${number(n)}/${number(total)}` : number(n);
  if (n !== undefined && total) figure.title = percent(n, total);
  return line;
}
