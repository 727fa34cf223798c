/** Figures and dates as the pages write them: 1.234,5 and 22/11/2026, or 1,234.5 and 22 Nov 2026. */

export const MISSING = "-";
const NBSP = "\u00a0";
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** The language of the page; Vietnamese outside a page. */
export function pageLanguage() {
  return globalThis.document?.documentElement.lang || "vi";
}

const isVietnamese = (language) => language.startsWith("vi");
const isMissing = (value) => value === null || value === undefined || value === "" || !Number.isFinite(Number(value));

/** Write a number with ``digits`` decimals; "-" when it is missing. */
export function number(value, { digits = 0, language = pageLanguage() } = {}) {
  if (isMissing(value)) return MISSING;
  const [whole, decimals] = Math.abs(Number(value)).toFixed(digits).split(".");
  const [group, point] = isVietnamese(language) ? [".", ","] : [",", "."];
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, group);
  const isNegative = Number(value) < 0 && /[1-9]/.test(whole + (decimals || ""));
  return (isNegative ? "-" : "") + grouped + (decimals ? point + decimals : "");
}

/** Write a count of people, which models give with decimals; under half a person "< 1". */
export function people(value, options = {}) {
  return Number(value) > 0 && Number(value) < 0.5 ? `<${NBSP}1` : number(value, options);
}

export function metres(value, options = {}) {
  return isMissing(value) ? MISSING : `${number(value, options)}${NBSP}m`;
}

/** Write square metres as hectares. */
export function hectares(areaM2, { digits = 2, ...options } = {}) {
  return isMissing(areaM2) ? MISSING : `${number(areaM2 / 10_000, { digits, ...options })}${NBSP}ha`;
}

/** Write n of total in percent: never 100 unless all, never 0 unless none, "-" when total is 0. */
export function percent(n, total, { language = pageLanguage() } = {}) {
  if (isMissing(n) || isMissing(total) || Number(total) === 0) return MISSING;
  const sign = isVietnamese(language) ? `${NBSP}%` : "%";
  const exact = (100 * n) / total;
  if (Number(n) === Number(total) || Number(n) === 0) return number(exact, { language }) + sign;
  if (exact > 0 && exact < 0.1) return `<${NBSP}${number(0.1, { digits: 1, language })}${sign}`;
  const rounded = Number(exact.toFixed(1));
  const shown = exact < 100 && rounded >= 100 ? 99.9 : rounded;
  return number(shown, { digits: 1, language }) + sign;
}

/** Write "37/120 (30,8 %)". */
export function share(n, total, options = {}) {
  const text = percent(n, total, options);
  return text === MISSING ? MISSING : `${number(n, options)}/${number(total, options)} (${text})`;
}

/** Write a Date, or an ISO text, by the calendar of Việt Nam. A bare date stays that day. */
export function date(value, { language = pageLanguage(), timeZone = "Asia/Ho_Chi_Minh" } = {}) {
  if (!value) return MISSING;
  const bare = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value);
  const moment = new Date(value);
  if (Number.isNaN(moment.getTime())) return MISSING;
  const parts = bare ? bare.slice(1) : isoParts(moment, timeZone);
  const [year, month, day] = parts;
  return isVietnamese(language)
    ? `${day}/${month}/${year}`
    : `${Number(day)} ${MONTHS[Number(month) - 1]} ${year}`;
}

function isoParts(moment, timeZone) {
  const format = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
  const found = Object.fromEntries(format.formatToParts(moment).map((part) => [part.type, part.value]));
  return [found.year, found.month, found.day];
}
