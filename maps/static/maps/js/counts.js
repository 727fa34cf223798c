/** Circles that count hazards at small scales: the ring shows the verdicts' shares. */
import { COLOURS } from "../../common/js/verdicts.js";
import { number } from "../../common/js/format.js";

// Never looked at and noncompliant first, so that the eye meets them at the top of the ring.
const ORDER = ["noncompliant", "partly", "not_surveyed", "expired", "depth_unknown", "compliant", "waived", "out_of_scope"];

export function radiusOf(n) {
  return Math.min(24, 8 + 3.2 * Math.log2(n + 1));
}

/** Return [verdict, from, to] in turns (0 to 1) for the verdicts that occur. */
export function turns(counts) {
  const total = ORDER.reduce((sum, verdict) => sum + (counts[verdict] || 0), 0);
  let from = 0;
  return ORDER.filter((verdict) => counts[verdict]).map((verdict) => {
    const to = from + counts[verdict] / total;
    const turn = [verdict, from, to];
    from = to;
    return turn;
  });
}

/** Return the verdict of a circle that counts one hazard, else null: one needs no circle. */
export function only(counts) {
  return counts.n === 1 ? (ORDER.find((verdict) => counts[verdict]) ?? null) : null;
}

export function countPie(context, x, y, counts) {
  const radius = radiusOf(counts.n);
  context.save();
  for (const [verdict, from, to] of turns(counts)) {
    context.beginPath();
    context.moveTo(x, y);
    context.arc(x, y, radius, (from - 0.25) * 2 * Math.PI, (to - 0.25) * 2 * Math.PI);
    context.fillStyle = COLOURS[verdict];
    context.fill();
  }
  context.beginPath();
  context.arc(x, y, radius - 4.5, 0, 2 * Math.PI);
  context.fillStyle = "#fff";
  context.fill();
  context.font = "600 11px sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = "#111827";
  context.fillText(number(counts.n), x, y);
  context.restore();
}
