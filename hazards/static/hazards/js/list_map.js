/** A small map of exactly the rows of a list: single marks, or counted circles when they are many. */
import { number } from "../../common/js/format.js";
import { getJson } from "../../common/js/http.js";
import { makeMap, verdictIcon } from "../../common/js/map.js";

/** Fill {inside} and {total} in a sentence of the page. */
export function sentence(template, values) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? number(values[name]) : whole));
}

/** Radius in pixels of a circle for ``count`` hazards: area grows with the count, within limits. */
export function radiusPx(count) {
  return Math.round(Math.min(30, 11 + Math.sqrt(count) * 0.6));
}

export class ListMap {
  constructor(element, setup, { onHover, onCount }) {
    this.setup = setup;
    this.onHover = onHover;
    this.onCount = onCount;
    this.map = makeMap(element, { center: setup.center, zoom: setup.zoom, base: setup.base, zoomSnap: 0.25 });
    this.ground = L.layerGroup().addTo(this.map);
    this.marks = L.featureGroup().addTo(this.map);
    this.byCode = new Map();
    this.map.on("moveend", () => this.isGrouped && !this.isFitting && this.#loadBox());
  }

  /** Fetch the rows behind ``url`` and fit the map to them. */
  async load(url) {
    this.url = url;
    const answer = await this.#fetch(url);
    if (!answer) return;
    this.#drawGround(answer.outlines ?? []);
    this.#draw(answer);
    this.refit();
  }

  refit() {
    this.map.invalidateSize();
    const bounds = this.marks.getLayers().length ? this.marks.getBounds() : this.groundBounds;
    if (!bounds?.isValid()) return;
    this.isFitting = true;
    this.map.fitBounds(bounds, { padding: [24, 24], maxZoom: 15, animate: false });
    this.isFitting = false;
  }

  /** Show which mark belongs to the row under the mouse; null for none. */
  mark(code) {
    if (this.marked) this.#look(this.marked, false);
    this.marked = code ? this.byCode.get(code) : null;
    if (this.marked) this.#look(this.marked, true);
  }

  #look(marker, isSelected) {
    marker.setIcon(verdictIcon(marker.verdict, { isSelected, sizePx: isSelected ? 24 : 16 }));
    marker.setZIndexOffset(isSelected ? 1000 : 0);
  }

  async #fetch(url) {
    this.waiting?.abort();
    this.waiting = new AbortController();
    try {
      return await getJson(url, { signal: this.waiting.signal });
    } catch (error) {
      if (error.name !== "AbortError") this.onCount(error.message || this.setup.words.failed);
      return null;
    }
  }

  async #loadBox() {
    const bounds = this.map.getBounds();
    const box = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()].map((side) => side.toFixed(5));
    const join = this.url.includes("?") ? "&" : "?";
    const answer = await this.#fetch(`${this.url}${join}box=${box.join(",")}`);
    if (answer) this.#draw(answer, { staysGrouped: true });
  }

  #draw(answer, { staysGrouped = false } = {}) {
    this.isGrouped = answer.grouped || staysGrouped;
    this.marks.clearLayers();
    this.byCode.clear();
    this.marked = null;
    for (const feature of answer.features) this.marks.addLayer(answer.grouped ? this.#circle(feature) : this.#single(feature));
    const words = answer.grouped ? this.setup.words.grouped : this.setup.words.drawn;
    this.onCount(sentence(words, answer));
  }

  #single({ geometry, properties }) {
    const [lon, lat] = geometry.coordinates;
    const verdict = this.setup.verdicts[properties.verdict] ?? properties.verdict;
    const title = `${properties.name || properties.code} · ${verdict}`;
    const marker = L.marker([lat, lon], { icon: verdictIcon(properties.verdict, { sizePx: 16 }), title, alt: title });
    marker.verdict = properties.verdict;
    marker.bindPopup(() => this.#popup(properties, verdict));
    marker.on("mouseover", () => this.onHover(properties.code));
    marker.on("mouseout", () => this.onHover(null));
    this.byCode.set(properties.code, marker);
    return marker;
  }

  #popup(properties, verdict) {
    const box = document.createElement("div");
    const head = Object.assign(document.createElement("h3"), { textContent: properties.name || properties.code });
    const line = Object.assign(document.createElement("p"), { textContent: `${properties.code} · ${verdict}`, className: "mb-1" });
    const link = Object.assign(document.createElement("a"), { textContent: this.setup.words.open, href: `${this.setup.recordBase}${properties.code}/${this.#kept()}` });
    box.append(head, line, link);
    return box;
  }

  /** The day and place of the list go along to the record. */
  #kept() {
    const asked = new URLSearchParams(window.location.search);
    const kept = new URLSearchParams();
    for (const name of ["unit", "as_of"]) if (asked.has(name)) kept.set(name, asked.get(name));
    return kept.size ? `?${kept}` : "";
  }

  #circle({ geometry, properties }) {
    const [lon, lat] = geometry.coordinates;
    const px = radiusPx(properties.count) * 2;
    const icon = L.divIcon({ className: "cluster-pin", html: `<span>${number(properties.count)}</span>`, iconSize: [px, px] });
    const parts = Object.entries(properties.verdicts).map(([code, n]) => `${this.setup.verdicts[code]}: ${number(n)}`);
    const marker = L.marker([lat, lon], { icon, title: parts.join("; "), alt: parts.join("; ") });
    marker.on("click", () => this.map.setView([lat, lon], this.map.getZoom() + 2));
    return marker;
  }

  #drawGround(outlines) {
    this.ground.clearLayers();
    for (const { name, is_whole: isWhole, geometry } of outlines) {
      const style = { color: "#6b7280", weight: isWhole ? 2 : 1, fill: isWhole, fillColor: "#fff", fillOpacity: 0.7, interactive: false };
      const layer = L.geoJSON(geometry, { style, interactive: false });
      if (!isWhole && outlines.length < 60) layer.bindTooltip(name, { permanent: false });
      this.ground.addLayer(layer);
      if (isWhole) this.groundBounds = layer.getBounds();
    }
  }
}
