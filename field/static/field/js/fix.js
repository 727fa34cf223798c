/** Where the phone stands: several fixes averaged, each weighed by its own accuracy. */
const KEEP_MS = 60_000;
const MOST = 12;
let fixes = [];
let watch = null;
let last = { state: "searching" };
const listeners = new Set();

export function onFix(listen) {
  listeners.add(listen);
  listen(last);
  return () => listeners.delete(listen);
}

function tell(now) {
  last = now;
  for (const listen of listeners) listen(now);
}

export function startFix() {
  if (!navigator.geolocation || !isSecureContext) return tell({ state: isSecureContext ? "unavailable" : "insecure" });
  watch ??= navigator.geolocation.watchPosition(
    ({ coords, timestamp }) => {
      fixes.push({ lat: coords.latitude, lon: coords.longitude, accuracy: Math.max(coords.accuracy, 1), at: timestamp });
      tell({ state: "found", ...average() });
    },
    (error) => tell({ state: error.code === 1 ? "denied" : "unavailable" }),
    { enableHighAccuracy: true, maximumAge: 5000, timeout: 30_000 },
  );
}

export function stopFix() {
  if (watch !== null) navigator.geolocation.clearWatch(watch);
  watch = null;
}

/** The fix at this moment, or null: {lat, lon, accuracy (m, of the best), count, spread (m)}. */
export function average() {
  const since = Date.now() - KEEP_MS;
  fixes = fixes.filter((fix) => fix.at > since).slice(-MOST);
  if (!fixes.length) return null;
  const weights = fixes.map((fix) => 1 / fix.accuracy ** 2);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = (name) => fixes.reduce((sum, fix, i) => sum + fix[name] * weights[i], 0) / total;
  const here = { lat: mean("lat"), lon: mean("lon") };
  const spread = Math.max(...fixes.map((fix) => metresBetween(here, fix)));
  // Fixes of one phone err together: averaging never claims to be better than the best of them.
  return { ...here, accuracy: Math.min(...fixes.map((fix) => fix.accuracy)), count: fixes.length, spread };
}

export function metresBetween(one, other) {
  const rad = Math.PI / 180;
  const dy = (other.lat - one.lat) * 110_574;
  const dx = (other.lon - one.lon) * 111_320 * Math.cos(one.lat * rad);
  return Math.hypot(dx, dy);
}
