/** The reviewer's desk: keys, photo strip, the map of the three positions. */
import { makeMap } from "../../common/js/map.js";
import { verdictSvg } from "../../common/js/verdicts.js";
import { keyAction } from "./keys.js";

const SHAPES = {
  fix: '<circle cx="9" cy="9" r="7" fill="#0b5c8a" stroke="#fff" stroke-width="2.5"/>',
  photo: '<rect x="2" y="4" width="14" height="11" rx="2" fill="#fff" stroke="#374151" stroke-width="2"/><circle cx="9" cy="9.5" r="3" fill="#374151"/>',
};

// Labels keep out of each other's way: the three positions are often metres apart.
const BESIDE = {
  hazard: { direction: "bottom", offset: [0, 10] },
  fix: { direction: "right", offset: [12, 0] },
  photo: { direction: "left", offset: [-12, 0] },
};

function shape(kind) {
  return `<svg viewBox="0 0 18 18" width="22" height="22" aria-hidden="true">${SHAPES[kind]}</svg>`;
}

function wireKeys() {
  const reason = document.getElementById("reason");
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.activeElement?.blur();
    const key = keyAction(event);
    const target = key && document.querySelector(`[data-key="${key}"]`);
    if (!target) return;
    event.preventDefault();
    target.click();
  });
  for (const button of document.querySelectorAll("[data-wants-reason]")) {
    button.addEventListener("click", (event) => {
      if (reason.value.trim()) return;
      event.preventDefault();
      reason.placeholder = reason.dataset.needs;
      reason.classList.add("is-invalid");
      reason.focus();
    });
  }
  const form = document.getElementById("decide");
  form?.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault(); // a second press of the same decision
    form.dataset.sent = "1";
  });
}

function wireStrip() {
  const buttons = [...document.querySelectorAll("[data-show]")];
  for (const button of buttons) {
    button.addEventListener("click", () => {
      for (const shot of document.querySelectorAll("[data-shot]")) shot.hidden = shot.dataset.shot !== button.dataset.show;
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
    });
  }
}

function drawMap() {
  const points = JSON.parse(document.getElementById("map-points").textContent);
  const base = JSON.parse(document.getElementById("base-map").textContent);
  const bounds = L.latLngBounds(points.map(({ lat, lon }) => [lat, lon]));
  const map = makeMap("desk-map", { bounds, base });
  map.fitBounds(bounds, { padding: [60, 60], maxZoom: points.length > 1 ? 19 : 16 });
  for (const { kind, lat, lon, label, accuracyM, verdict } of points) {
    const html = kind === "hazard" ? verdictSvg(verdict, 22) : shape(kind);
    const icon = L.divIcon({ className: "pin", html, iconSize: [22, 22] });
    if (accuracyM > 0) L.circle([lat, lon], { radius: accuracyM, weight: 1, color: "#0b5c8a" }).addTo(map);
    L.marker([lat, lon], { icon, title: label, alt: label })
      .addTo(map)
      .bindTooltip(label, { permanent: true, ...BESIDE[kind], className: "map-label" });
  }
  const fix = points.find(({ kind }) => kind === "fix");
  for (const other of points.filter(({ kind }) => kind !== "fix")) {
    L.polyline([[fix.lat, fix.lon], [other.lat, other.lon]], { color: "#374151", weight: 2, dashArray: "4 5" }).addTo(map);
  }
}

wireKeys();
wireStrip();
drawMap();
