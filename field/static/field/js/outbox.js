/** Visits on the phone: drafts from the shutter on, finished ones with the bytes that will be sent. */
import { sha256 } from "./keep.js";
import { allVisits, changeVisit, getVisit, photosOf, save } from "./store.js";

/** A new draft; nothing is stored before there is something to lose. */
export function newDraft(hazard, fix, training, { userId, user } = {}) {
  return {
    training,
    userId, // whose visit it is: on a shared phone nobody sends another's under his own name
    user,
    id: crypto.randomUUID(),
    state: "draft",
    madeAt: new Date().toISOString(),
    hazard: hazard ? { code: hazard.code, name: hazard.name } : null,
    draft: { hazard: hazard?.code ?? "", captured_at: new Date().toISOString(), ...(training ? { training } : {}), ...position(fix) },
  };
}

export const position = (fix) => (fix ? { lat: fix.lat, lon: fix.lon, accuracy_m: fix.accuracy, position_is_manual: false } : {});

/** Keep a photo with its draft, both on the disk when this resolves. */
export async function addPhoto(visit, file, subject) {
  const photo = {
    id: crypto.randomUUID(),
    visit: visit.id,
    sha256: await sha256(file),
    size: file.size,
    subject,
    name: file.name || "photo.jpg",
    blob: file,
    done: false,
  };
  const same = (await photosOf(visit.id)).find((one) => one.sha256 === photo.sha256);
  if (same) return same;
  await save({ visits: [visit], photos: [photo] });
  return photo;
}

/** Close a draft: from now on its bytes never change, so that every send is the same. */
export async function finish(visit) {
  const photos = await photosOf(visit.id);
  const files = photos.map(({ sha256: hash, size, subject, name }) => ({ sha256: hash, size, subject, name }));
  const body = JSON.stringify({ ...visit.draft, files });
  const ready = { ...visit, state: "ready", body, bodySha256: await sha256(body), readyAt: new Date().toISOString() };
  await save({ visits: [ready] });
  return ready;
}

export const keepDraft = (visit) => save({ visits: [visit] });

/** Unsent visits, files and the photos among them: {visits, files, photos, rows, oldest (ms since 1970)}. */
export async function unsent() {
  const rows = (await allVisits()).filter((visit) => visit.state !== "draft" && !visit.complete);
  const files = (await Promise.all(rows.map((visit) => photosOf(visit.id)))).flat().filter((file) => !file.done);
  const photos = files.filter((file) => file.subject !== "voice").length;
  const oldest = rows.length ? Math.min(...rows.map((visit) => Date.parse(visit.readyAt))) : null;
  return { visits: rows.filter((visit) => !visit.receipt).length, files: files.length, photos, rows: rows.length, oldest };
}

export const noteError = (id, error) => changeVisit(id, (visit) => ({ ...visit, error, triedAt: new Date().toISOString() }));
export { allVisits, getVisit, photosOf };
