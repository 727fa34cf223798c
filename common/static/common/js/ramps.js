/** Classes and colours of areas: purple for children near gaps, teal for the share covered. */

export const CHILDREN = ["#f2f0f7", "#cbc9e2", "#9e9ac8", "#756bb1", "#4a2385"];
export const COVERAGE = ["#e3f1ef", "#b5dcd6", "#7bc0b6", "#3b978b", "#136f65"];
export const COVERAGE_FULL = "#02403a";
export const UNSEEN_FILL = "url(#hatch-unseen)";

/** Return the class (0 to limits.length) of a value; ``limits`` rise, each opens the next class. */
export function classOf(value, limits) {
  return limits.filter((limit) => value >= limit).length;
}

/** Return four limits that put about as many areas in each of five classes; fewer when values repeat. */
export function quantileLimits(values, classes = 5) {
  const sorted = values.filter((value) => value !== null && Number.isFinite(value)).sort((a, b) => a - b);
  if (sorted.length === 0) return [];
  const limits = [];
  for (let i = 1; i < classes; i += 1) {
    limits.push(sorted[Math.min(sorted.length - 1, Math.ceil((i * sorted.length) / classes))]);
  }
  return [...new Set(limits)].filter((limit) => limit > sorted[0]);
}

/** Colour of an area by children near gaps; null (nobody has looked) is hatched. */
export function childrenColour(value, limits) {
  return value === null || value === undefined ? UNSEEN_FILL : CHILDREN[classOf(value, limits)];
}

/** Colour of an area by n of total covered; nothing to cover has no colour, all covered its own. */
export function coverageColour(n, total) {
  if (n === null || n === undefined) return UNSEEN_FILL;
  if (!total) return "none";
  return n === total ? COVERAGE_FULL : COVERAGE[Math.min(4, Math.floor((5 * n) / total))];
}
