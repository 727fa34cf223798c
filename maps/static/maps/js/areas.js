/** Colours and classes of areas. Limits are printed, and unknown is hatched. */
import { CHILDREN, COVERAGE, COVERAGE_FULL, UNSEEN_FILL, childrenColour, coverageColour, quantileLimits } from "../../common/js/ramps.js";
import { number } from "../../common/js/format.js";

const LINE = { color: "#475569", weight: 1.2, fillOpacity: 0.62 };

/** Return the classes of ``features`` for "children" or "coverage", with rows for the legend. */
export function areaClasses(features, subject) {
  if (subject === "coverage") return { rows: coverageRows };
  const values = features.map((feature) => feature.properties.children_exposed);
  const limits = quantileLimits(values).map((limit) => Math.round(limit));
  const hasUnknown = values.some((value) => value === null);
  return { limits, rows: (words) => childrenRows(limits, hasUnknown, words) };
}

export function areaStyle(area, subject, classes) {
  if (subject === "coverage") {
    const colour = coverageColour(area.compliant, area.in_scope);
    return colour === "none" ? { ...LINE, fillOpacity: 0 } : { ...LINE, fillColor: colour };
  }
  const colour = childrenColour(area.children_exposed, classes.limits);
  return { ...LINE, fillColor: colour, fillOpacity: colour === UNSEEN_FILL ? 0.9 : LINE.fillOpacity };
}

function childrenRows(limits, hasUnknown, words) {
  const rows = [];
  for (let i = 0; i <= limits.length; i += 1) {
    const from = i === 0 ? null : number(limits[i - 1]);
    const to = i === limits.length ? null : number(limits[i]);
    const label = from === null ? (to === null ? words.all : `${words.upTo} ${to}`) : to === null ? `${words.over} ${from}` : `${from} – ${to}`;
    rows.push({ colour: CHILDREN[i], label });
  }
  if (hasUnknown) rows.push({ unseen: true, label: words.notWorkedOut });
  return rows;
}

function coverageRows(words) {
  const rows = COVERAGE.map((colour, i) => ({ colour, label: `${i * 20} – ${i === 4 ? "<100" : (i + 1) * 20} %` }));
  rows.push({ colour: COVERAGE_FULL, label: "100 %" });
  rows.push({ colour: "transparent", label: `– (${words.nothingInScope})` });
  return rows;
}
