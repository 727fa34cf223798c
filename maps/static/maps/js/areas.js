/** Colours and classes of areas. Limits are printed, and unknown is hatched. */
import { CHILDREN, COVERAGE, COVERAGE_FULL, UNSEEN_FILL, childrenColour, classOf, coverageColour, quantileLimits } from "../../common/js/ramps.js";
import { number } from "../../common/js/format.js";

const LINE = { color: "#475569", weight: 1.2, fillOpacity: 0.75 };

/** A legend shows what the map shows: the colour as it looks through ``LINE.fillOpacity``. */
const asSeen = (colour) => `color-mix(in srgb, ${colour} ${100 * LINE.fillOpacity}%, #fff)`;

/** Return the classes of ``features`` for "children" or "coverage", with rows for the legend. */
export function areaClasses(features, subject) {
  if (subject === "coverage") return { total: features.length, rows: (words) => coverageRows(features, words) };
  const values = features.map((feature) => whole(feature.properties.children_exposed));
  const limits = quantileLimits(values);
  return { limits, total: values.length, rows: (words) => childrenRows(values, limits, words) };
}

/** Children are shown whole, so they are classed whole: a printed limit is then a true one. */
function whole(children) {
  return children === null ? null : Math.round(children);
}

export function areaStyle(area, subject, classes) {
  if (subject === "coverage") {
    const colour = coverageColour(area.compliant, area.in_scope);
    return colour === "none" ? { ...LINE, fillOpacity: 0 } : { ...LINE, fillColor: colour };
  }
  const colour = childrenColour(whole(area.children_exposed), classes.limits);
  return { ...LINE, fillColor: colour, fillOpacity: colour === UNSEEN_FILL ? 0.9 : LINE.fillOpacity };
}

function childrenRows(values, limits, words) {
  const known = values.filter((value) => value !== null);
  const rows = [];
  for (let i = 0; i <= limits.length && known.length; i += 1) {
    const n = known.filter((value) => classOf(value, limits) === i).length;
    rows.push({ colour: asSeen(CHILDREN[i]), label: classLabel(limits, i, words), n });
  }
  if (known.length < values.length) {
    rows.push({ unseen: true, label: words.notWorkedOut, n: values.length - known.length });
  }
  return rows;
}

/** The whole numbers a class holds: a limit opens the next class, so the class before ends one short. */
function classLabel(limits, i, words) {
  if (limits.length === 0) return words.all;
  if (i === 0) return `${words.upTo} ${number(limits[0] - 1)}`;
  if (i === limits.length) return `${words.over} ${number(limits[i - 1])}`;
  const [from, to] = [limits[i - 1], limits[i] - 1];
  return from === to ? number(from) : `${number(from)} – ${number(to)}`;
}

function coverageRows(features, words) {
  const met = features.map(({ properties }) => coverageColour(properties.compliant, properties.in_scope));
  const row = (colour, label) => ({ colour: asSeen(colour), label, n: met.filter((seen) => seen === colour).length });
  const rows = COVERAGE.map((colour, i) => row(colour, `${i * 20} – <${(i + 1) * 20} %`));
  const nothing = { ...row("none", `– (${words.nothingInScope})`), colour: "transparent" };
  return [...rows, row(COVERAGE_FULL, "100 %"), nothing];
}
