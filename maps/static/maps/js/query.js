/** Which tiles to ask for. Knows no map and no page. */

/** Return the verdicts drawn, or null when all are. */
export function shownVerdicts({ verdicts }, all) {
  return verdicts.length === all.length ? null : verdicts;
}

/**
 * Return the query of the tile address: the page's own unit and day, the kind and the verdicts.
 * null means that nothing is to be drawn: no verdict is ticked.
 */
export function tileQuery(pageQuery, chosen, all) {
  const shown = shownVerdicts(chosen, all);
  if (shown && shown.length === 0) return null;
  const query = new URLSearchParams();
  const page = new URLSearchParams(pageQuery);
  for (const name of ["unit", "as_of"]) if (page.has(name)) query.set(name, page.get(name));
  if (chosen.kind) query.append("kind", chosen.kind);
  for (const verdict of shown || []) query.append("verdict", verdict);
  return query.toString();
}
