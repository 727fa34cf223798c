/** Hashes, receipts, room on the phone, and the way out: one sealed file of all that is unsent. */
import { allPhotos, allVisits } from "./store.js";

const ROUNDS = 310_000;

const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export async function sha256(data) {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : await data.arrayBuffer();
  return hex(await crypto.subtle.digest("SHA-256", bytes));
}

/** The short code that the server works out too: from the id, the body's hash and the photos' hashes. */
export async function receiptCode(id, bodySha256, files) {
  const digits = (await sha256([id, bodySha256, ...[...files].sort()].join("\n"))).slice(0, 8).toUpperCase();
  return `${digits.slice(0, 4)}-${digits.slice(4)}`;
}

/** Return {used, room} in bytes and whether the browser promises not to clear up by itself. */
export async function room() {
  const { usage = 0, quota = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  const isSafe = (await navigator.storage?.persisted?.()) ?? false;
  return { used: usage, room: Math.max(0, quota - usage), isSafe };
}

export const askToStay = () => navigator.storage?.persist?.() ?? Promise.resolve(false);

const base64 = async (blob) => {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
};

/** All that is not on the server, sealed with a password (AES-256-GCM, PBKDF2), as one file. */
export async function sealedFile(password) {
  const visits = (await allVisits()).filter((visit) => !visit.complete);
  const ids = new Set(visits.map((visit) => visit.id));
  const photos = (await allPhotos()).filter((photo) => ids.has(photo.visit) && photo.blob && !photo.done);
  const plain = JSON.stringify({
    visits: visits.map(({ id, body, draft }) => ({ id, body: body ?? JSON.stringify(draft) })),
    photos: await Promise.all(photos.map(async (photo) => ({ sha256: photo.sha256, size: photo.size, subject: photo.subject, name: photo.name, visit: photo.visit, data: await base64(photo.blob) }))),
  });
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const secret = await crypto.subtle.importKey("raw", new TextEncoder().encode(password), "PBKDF2", false, ["deriveKey"]);
  const key = await crypto.subtle.deriveKey({ name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS }, secret, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, new TextEncoder().encode(plain));
  return new Blob(["SAFESHORE1", salt, iv, sealed], { type: "application/octet-stream" });
}
