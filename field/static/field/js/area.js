/** The area pack: the surveyor's hazards on the phone, near first, most urgent first. */
import { metresBetween } from "./fix.js";
import { getMeta, setMeta } from "./store.js";

const URGENT = { noncompliant: 0, partly: 1, not_surveyed: 2, depth_unknown: 3, expired: 3, compliant: 6, waived: 7, out_of_scope: 8 };
let rows = [];

export const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();

function unpack(pack) {
  rows = pack.hazards.map((row) => {
    const hazard = Object.fromEntries(pack.columns.map((name, i) => [name, row[i]]));
    hazard.due = pack.assigned?.[hazard.code] ?? null;
    hazard.words = plain(`${hazard.name} ${hazard.code} ${hazard.hamlet}`);
    return hazard;
  });
}

/** Read the pack that is on the phone; returns its day, or null. */
export async function openPack() {
  const pack = await getMeta("pack");
  if (!pack) return null;
  unpack(pack);
  return pack;
}

/** Fetch the pack anew if it changed; returns it, or null where there is no signal. */
export async function fetchPack(setup) {
  const token = await getMeta("token");
  const tag = (await getMeta("packTag")) ?? "";
  const answer = await fetch(setup.addresses.pack, { headers: { Authorization: `Device ${token}`, "If-None-Match": tag }, credentials: "omit", cache: "no-store" }).catch(() => null);
  if (answer?.status === 304) return openPack();
  if (!answer?.ok) return null;
  const pack = await answer.json();
  await setMeta("pack", pack);
  await setMeta("packTag", answer.headers.get("ETag") ?? "");
  unpack(pack);
  return pack;
}

export const hazardOf = (code) => rows.find((row) => row.code === code);
export const count = () => rows.length;

/** Hazards that fit the words, by distance where a position is known, else by urgency. */
export function near({ fix, text = "", most = 60 }) {
  const words = plain(text).split(/\s+/).filter(Boolean);
  const found = rows.filter((row) => words.every((word) => row.words.includes(word)));
  for (const row of found) row.away = fix ? metresBetween(fix, row) : null;
  found.sort((one, other) => Boolean(other.due) - Boolean(one.due) || (fix ? one.away - other.away : URGENT[one.verdict] - URGENT[other.verdict] || one.code.localeCompare(other.code)));
  return found.slice(0, most);
}

/** The code in what a camera read: an address ending in /h/CODE/, or the bare code. */
export const codeIn = (text) => text.match(/AT-\d{7,}-\d/i)?.[0].toUpperCase() ?? null;
export const all = () => rows;
