/** Send what is finished: words first, then photos, each from where it broke off; for ever. */
import { receiptCode } from "./keep.js";
import { noteError, unsent } from "./outbox.js";
import { allVisits, changePhoto, changeVisit, forgetSentBytes, getMeta, photosOf } from "./store.js";

const PIECE_BYTES = 256 * 1024;
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 5 * 60_000;
const KEEP_BYTES_MS = 7 * 86_400_000;
let setup = null;
let wait = FIRST_WAIT_MS;
let timer = null;
const listeners = new Set();
export const onSend = (listen) => listeners.add(listen);
const tell = (state) => listeners.forEach((listen) => listen(state));

export function prepareSending(given) {
  setup = given;
  addEventListener("online", () => sendSoon(0));
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && sendSoon(0));
  sendSoon(0);
}

export function sendSoon(ms = wait) {
  clearTimeout(timer);
  timer = setTimeout(sendNow, ms);
}

let asked = null;

/** A round that somebody asked for: after one that is under way, so that what is said holds of all. */
export function sendAsked() {
  asked ??= sendNow({ waits: true }).finally(() => { asked = null; });
  return asked;
}

/** One round, in one tab at a time. Resolves with whether everything is on the server. */
async function sendNow({ waits = false } = {}) {
  clearTimeout(timer);
  if (!setup || !navigator.onLine) return false;
  const round = () => sendAll().catch((error) => ({ error }));
  const result = navigator.locks
    ? await navigator.locks.request("field-send", { ifAvailable: !waits }, (lock) => (lock ? round() : { busy: true }))
    : await round();
  const left = await unsent();
  wait = result?.error || left.rows ? Math.min(wait * 2, LONGEST_WAIT_MS) : FIRST_WAIT_MS;
  if (left.rows) sendSoon();
  tell({ left, error: result?.error?.words ?? "" });
  return left.rows === 0;
}

async function sendAll() {
  const token = await getMeta("token");
  if (!token) return null;
  const userId = await getMeta("userId");
  const visits = (await allVisits()).filter((visit) => visit.state === "ready" && !visit.complete && isOf(visit, userId));
  visits.sort((one, other) => one.readyAt.localeCompare(other.readyAt));
  let broken = null;
  for (const visit of visits) if (!visit.receipt) broken ??= await attempt(visit, () => sendWords(visit, token));
  const mayPhotos = !(await getMeta("wifiOnly")) || isFree();
  if (mayPhotos && !broken) for (const visit of visits) broken ??= await attempt(visit, () => sendPhotos(visit, token));
  await callRoll(token);
  await forgetSentBytes(Date.now() - KEEP_BYTES_MS);
  await learn(token);
  return broken ? { error: broken } : null;
}

/** Say that a visit is this user's, or was made before phones wrote down whose it is. */
export const isOf = (visit, userId) => visit.userId === undefined || visit.userId === userId;

/** Wi-Fi, as far as a browser says; where it does not, the user's word stands. */
function isFree() {
  const type = navigator.connection?.type;
  return !type || type === "wifi" || type === "ethernet";
}

/** Do one thing for a visit; a failure is written down with it. Losing the signal ends the round. */
async function attempt(visit, work) {
  try {
    await work();
    return null;
  } catch (error) {
    const words = error.words ?? setup.words.noSignal;
    await noteError(visit.id, words);
    tell({ visit: visit.id });
    return error.words && error.status < 500 && error.status !== 401 ? null : Object.assign(error, { words });
  }
}

async function ask(address, token, options = {}) {
  const headers = { Authorization: `Device ${token}`, "Accept-Language": setup.language, ...options.headers };
  const answer = await fetch(address, { ...options, headers, credentials: "omit", cache: "no-store", redirect: "error" });
  if (answer.ok) return answer;
  const told = await answer.clone().json().catch(() => ({}));
  throw Object.assign(new Error(told.code), { words: told.message ?? `HTTP ${answer.status}`, status: answer.status, facts: told.facts, headers: answer.headers });
}

/** A visit counts as sent only when the answer names the very bytes we sent. */
async function sendWords(visit, token) {
  const answer = await ask(`${setup.addresses.visits}${visit.id}/`, token, { method: "PUT", body: visit.body, headers: { "Content-Type": "application/json" } });
  const told = await answer.json().catch(() => ({}));
  if (told.body_sha256 !== visit.bodySha256) throw Object.assign(new Error("no receipt"), { words: setup.words.noReceipt, status: 599 });
  const files = JSON.parse(visit.body).files.map((file) => file.sha256);
  const own = await receiptCode(visit.id, visit.bodySha256, files);
  if (!told.held && told.receipt !== own) throw Object.assign(new Error("receipt"), { words: setup.words.noReceipt, status: 599 });
  const isAll = !told.held && files.every((hash) => told.received.includes(hash));
  await changeVisit(visit.id, (row) => ({ ...row, receipt: told.held ? "-" : own, held: Boolean(told.held), review: told.state, error: "", complete: isAll, completeAt: isAll ? new Date().toISOString() : null }));
  visit.receipt = own;
  tell({ visit: visit.id });
}

async function sendPhotos(visit, token) {
  for (const photo of await photosOf(visit.id)) {
    if (photo.done || !photo.blob) continue;
    await sendPhoto(photo, token);
    await changePhoto(photo.id, (row) => ({ ...row, done: true, doneAt: Date.now() }));
    tell({ visit: visit.id });
  }
  await sendWords(visit, token); // the same bytes again: the answer lists the photos that are there
}

async function sendPhoto(photo, token) {
  const address = `${setup.addresses.files}${photo.sha256}/`;
  let { offset, whole } = place(await ask(address, token, { method: "HEAD" }));
  while (!whole) {
    const piece = photo.blob.slice(offset, offset + PIECE_BYTES);
    try {
      const headers = { "Upload-Offset": String(offset), "Upload-Length": String(photo.size), "Content-Type": "application/offset+octet-stream" };
      ({ offset, whole } = place(await ask(address, token, { method: "PATCH", body: piece, headers })));
    } catch (error) {
      if (error.status !== 409) throw error;
      offset = error.facts.offset; // somebody else of us was quicker
    }
    const sent = offset;
    await changePhoto(photo.id, (row) => ({ ...row, sent }));
    tell({ visit: photo.visit, photo: photo.id, share: offset / photo.size });
  }
}

const place = (answer) => ({ offset: Number(answer.headers.get("Upload-Offset")), whole: answer.headers.get("Upload-Complete") === "1" });

async function callRoll(token) {
  const left = await unsent();
  const body = JSON.stringify({ visits: left.visits, files: left.files, version: setup.version, time: new Date().toISOString() });
  await ask(setup.addresses.rollCall, token, { method: "POST", body, headers: { "Content-Type": "application/json" } }).catch(() => null);
}

/** What became of the visits: accepted, returned with a reason, photos missing. */
async function learn(token) {
  const answer = await ask(setup.addresses.visits, token).catch(() => null);
  const told = await answer?.json().catch(() => null);
  for (const one of told?.visits ?? []) {
    await changeVisit(one.id, (row) => ({ ...row, review: one.state, reason: one.reason, mend: one.mend, missing: one.missing, complete: row.complete || (row.receipt && one.missing === 0) }));
  }
  tell({ learned: true });
}
