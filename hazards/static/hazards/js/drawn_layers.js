/** What else is drawn at a hazard: other shapes, access places, safeguards, shore left open. */
const LOOKS = {
  shapes: { color: "#6b7280", weight: 1.5, dashArray: "2 4", fill: false },
  places: { color: "#1d4ed8", weight: 5, fillColor: "#fff", fillOpacity: 1 },
  safeguards: { color: "#065f46", weight: 4, fillColor: "#fff", fillOpacity: 1 },
  open: { color: "#b91c1c", weight: 4, dashArray: "6 6", fill: false },
};
const RADIUS_PX = { places: 8, safeguards: 6, shapes: 4 };

/** Draw the layers of ``setup`` that it has; ``skip`` is the id of what is being edited. */
export function addDrawn(map, setup, { skip = "" } = {}) {
  const group = L.featureGroup().addTo(map);
  for (const [layer, look] of Object.entries(LOOKS)) {
    const features = (setup[layer] ?? []).filter((feature) => !skip || feature.properties.id !== skip);
    for (const feature of features) {
      L.geoJSON(feature, {
        style: look,
        pointToLayer: (_, at) => L.circleMarker(at, { ...look, weight: 3, radius: RADIUS_PX[layer] ?? 5 }),
        onEachFeature: (_, shown) => label(shown, feature.properties.label),
      }).addTo(group);
    }
  }
  return group;
}

function label(layer, text) {
  if (!text) return;
  const words = document.createElement("span");
  words.textContent = text;
  layer.bindTooltip(words);
}
