/** The marks of the verdicts, the same as in common/verdict_marks.py (a test compares them). */

export const EDGE = "#374151";
export const COLOURS = {
  noncompliant: "#D55E00",
  partly: "#E69F00",
  not_surveyed: "#6B7280",
  expired: "#CC79A7",
  depth_unknown: "#56B4E9",
  compliant: "#009E73",
  waived: "#9CA3AF",
  out_of_scope: "#9CA3AF",
};
const RING =
  '<circle cx="8" cy="8" r="5.8" fill="#fff" stroke="K" stroke-width="3.4"/>' +
  '<circle cx="8" cy="8" r="5.8" fill="none" stroke="C" stroke-width="2"/>';
const DOT = '<circle cx="8" cy="8" r="3" fill="C" stroke="K" stroke-width=".8"/>';
const SHAPES = {
  noncompliant: '<path d="M8 1.5 15 14H1z" fill="C" stroke="K" stroke-linejoin="round"/>',
  partly:
    '<circle cx="8" cy="8" r="6" fill="#fff" stroke="K"/>' +
    '<path d="M8 2a6 6 0 0 0 0 12z" fill="C" stroke="K"/>',
  not_surveyed: RING,
  expired: RING + '<path d="M3 8h10" stroke="K" stroke-width="3.4"/><path d="M2.5 8h11" stroke="C" stroke-width="2"/>',
  depth_unknown:
    '<path d="M8 2 14 8 8 14 2 8z" fill="#fff" stroke="K" stroke-width="3.4"/>' +
    '<path d="M8 2 14 8 8 14 2 8z" fill="none" stroke="C" stroke-width="2"/>',
  compliant: '<circle cx="8" cy="8" r="6" fill="C" stroke="K"/>',
  waived: DOT,
  out_of_scope: DOT,
};

/** Return the SVG text of a mark, ``sizePx`` wide and high. An unknown verdict looks unseen. */
export function verdictSvg(verdict, sizePx = 16) {
  const known = verdict in SHAPES ? verdict : "not_surveyed";
  const inside = SHAPES[known].replaceAll('"C"', `"${COLOURS[known]}"`).replaceAll('"K"', `"${EDGE}"`);
  return `<svg class="vmark" viewBox="0 0 16 16" width="${sizePx}" height="${sizePx}" aria-hidden="true">${inside}</svg>`;
}

/** Draw a mark on a canvas at x, y (pixels), for tiles with thousands of them. */
export function drawVerdict(context, x, y, verdict, sizePx = 14) {
  const colour = COLOURS[verdict] || COLOURS.not_surveyed;
  const r = sizePx / 2;
  const isDot = verdict === "waived" || verdict === "out_of_scope";
  const isFilled = isDot || verdict === "noncompliant" || verdict === "compliant";
  context.save();
  context.translate(x, y);
  context.lineJoin = "round";
  context.beginPath();
  if (verdict === "noncompliant") polygon(context, [[0, -r], [r, r * 0.8], [-r, r * 0.8]]);
  else if (verdict === "depth_unknown") polygon(context, [[0, -r * 0.85], [r * 0.85, 0], [0, r * 0.85], [-r * 0.85, 0]]);
  else context.arc(0, 0, isDot ? r * 0.45 : r * 0.75, 0, 2 * Math.PI);
  context.fillStyle = isFilled ? colour : "#fff";
  context.fill();
  strokeTwice(context, isFilled || verdict === "partly" ? [1, 0] : [r * 0.5, r * 0.32], colour);
  if (verdict === "partly") {
    context.beginPath();
    context.arc(0, 0, r * 0.75, Math.PI / 2, (3 * Math.PI) / 2);
    context.closePath();
    context.fillStyle = colour;
    context.fill();
    strokeTwice(context, [1, 0], colour);
  }
  if (verdict === "expired") {
    context.beginPath();
    context.moveTo(-r, 0);
    context.lineTo(r, 0);
    strokeTwice(context, [r * 0.5, r * 0.32], colour);
  }
  context.restore();
}

function polygon(context, points) {
  points.forEach(([px, py], i) => (i ? context.lineTo(px, py) : context.moveTo(px, py)));
  context.closePath();
}

/** A dark line first, a coloured one on it: four of the colours are faint on white. */
function strokeTwice(context, [dark, coloured], colour) {
  context.strokeStyle = EDGE;
  context.lineWidth = dark;
  context.stroke();
  if (!coloured) return;
  context.strokeStyle = colour;
  context.lineWidth = coloured;
  context.stroke();
}
