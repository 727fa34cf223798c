/** A small map with one pin that a finger can move. */
import { makeMap, verdictMarker } from "../../common/js/map.js";

const START_ZOOM = 17;

/** onMove({lat, lon}) is called when a person moves the pin, not when a script does. */
export function makePinMap(element, { hazard, base, onMove }) {
  const start = hazard ? [hazard.lat, hazard.lon] : [11.75, 106.9];
  const map = makeMap(element, { center: start, zoom: hazard ? START_ZOOM : 9, base });
  let pin = null;
  let circle = null;
  const known = L.layerGroup().addTo(map);

  function place(lat, lon) {
    if (pin) return pin.setLatLng([lat, lon]);
    pin = L.marker([lat, lon], { draggable: true, autoPan: true }).addTo(map);
    pin.on("dragend", () => moved(pin.getLatLng()));
    return pin;
  }
  function moved({ lat, lng }) {
    place(lat, lng);
    circle?.remove();
    circle = null;
    onMove({ lat, lon: lng });
  }
  map.on("click", (event) => moved(event.latlng));

  return {
    /** Draw the known waters around, so that a map without a base tells where one is. */
    showAround(hazards) {
      known.clearLayers();
      for (const { lat, lon, verdict, name } of hazards) {
        verdictMarker([lat, lon], verdict, { title: name }).bindTooltip(name).addTo(known);
      }
    },
    show({ lat, lon, accuracyM }) {
      place(lat, lon);
      circle?.remove();
      circle = accuracyM > 0 ? L.circle([lat, lon], { radius: accuracyM, weight: 1, color: "#0b5c8a" }).addTo(map) : null;
      map.setView([lat, lon], Math.max(map.getZoom(), START_ZOOM));
    },
  };
}
