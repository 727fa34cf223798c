/** Where the phone is, and how sure it is of that. Words come from the page. */

export const GOOD_M = 20;
export const FAIR_M = 50;
export const FIX_MAX_AGE_MS = 60_000;

/** Put numbers into a sentence: fill("to {m} m", {m: 8}) -> "to 8 m". */
export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** good, fair or poor by metres; odd when no phone could know that (0, negative, missing). */
export function quality(accuracyM) {
  if (!Number.isFinite(accuracyM) || accuracyM <= 0) return "odd";
  if (accuracyM <= GOOD_M) return "good";
  return accuracyM <= FAIR_M ? "fair" : "poor";
}

/** Choose the more exact of two fixes; an old one gives way whatever it claimed. */
export function betterFix(kept, next) {
  if (!kept || next.atMs - kept.atMs > FIX_MAX_AGE_MS) return next;
  const rank = (fix) => (quality(fix.accuracyM) === "odd" ? Infinity : fix.accuracyM);
  return rank(next) <= rank(kept) ? next : kept;
}

/** Metres between two {lat, lon}, on a sphere: good enough to warn, the server measures again. */
export function metresBetween(a, b) {
  const rad = Math.PI / 180;
  const h =
    Math.sin(((b.lat - a.lat) * rad) / 2) ** 2 +
    Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(((b.lon - a.lon) * rad) / 2) ** 2;
  return 2 * 6_371_008.8 * Math.asin(Math.sqrt(h));
}

/** Say a fix in words: {quality, text}. ``from`` is "gps" or "manual"; ``hazard`` may be null;
 * ``write`` puts a number of metres into the page's language. */
export function describe({ fix, from, hazard, words, farM = 200, write = String }) {
  const awayM = hazard ? metresBetween(fix, hazard) : 0;
  if (awayM > farM) return { quality: "far", text: fill(words.far, { m: write(Math.round(awayM)) }) };
  if (from === "manual") return { quality: "manual", text: words.manual };
  const found = quality(fix.accuracyM);
  return { quality: found, text: fill(words[found], { m: Math.round(fix.accuracyM) }) };
}

/** Read what the browser gives into a fix. */
export function fixOf(position) {
  const { latitude, longitude, accuracy } = position.coords;
  return { lat: latitude, lon: longitude, accuracyM: accuracy, atMs: position.timestamp };
}

/** Follow the position until ``stop()``; tells ``onFix`` of better fixes, ``onFail`` a word's name. */
export function watch({ onFix, onFail, geolocation = navigator.geolocation, isSecure = window.isSecureContext }) {
  if (!geolocation || !isSecure) {
    onFail("insecure");
    return () => {};
  }
  let kept = null;
  const id = geolocation.watchPosition(
    (position) => {
      const next = fixOf(position);
      const best = betterFix(kept, next);
      if (best !== kept) onFix((kept = best));
    },
    (error) => {
      if (!kept) onFail(error.code === 1 ? "denied" : "unavailable");
    },
    { enableHighAccuracy: true, maximumAge: 10_000, timeout: 20_000 },
  );
  return () => geolocation.clearWatch(id);
}
