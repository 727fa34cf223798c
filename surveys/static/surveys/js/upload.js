/** Send one survey with its photos, show how far it is, and say what went wrong in words. */
import { fill } from "./position.js";

const MB = 1024 * 1024;

/** Say why a file cannot be sent, or "" when it can. */
export function fileProblem(file, { maxBytes, words }) {
  if (file.size === 0) return fill(words.empty, { name: file.name });
  if (file.size > maxBytes) {
    const mb = (file.size / MB).toFixed(1);
    return fill(words.tooBig, { name: file.name, mb, limit: Math.floor(maxBytes / MB) });
  }
  if (file.type && !file.type.startsWith("image/")) return fill(words.notPhoto, { name: file.name });
  return "";
}

/** The words on the button: it says what a press does. */
export function sendWords(count, { words, isMended = false }) {
  if (count === 0) return isMended ? words.noneMended : words.none;
  return count === 1 ? words.one : fill(words.many, { n: count });
}

/** One text of all that the server refused: its message, or each field's messages once. */
export function refusalText(answer) {
  if (answer?.message) return answer.message;
  const texts = Object.values(answer?.fields || {}).flat();
  return [...new Set(texts)].join(" ");
}

/** Fields and photos as one body; ``photos`` are [{subject, file}] in the order taken. */
export function bodyOf(fields, photos) {
  const body = new FormData();
  for (const [name, value] of fields) if (typeof value === "string") body.append(name, value);
  for (const { subject, file } of photos) body.append(`photo_${subject}`, file, file.name || "photo.jpg");
  return body;
}

/** Post ``body``; resolves {status, answer}, status 0 when the connection broke. */
export function post(url, body, { token, onProgress, makeRequest = () => new XMLHttpRequest() }) {
  return new Promise((resolve) => {
    const request = makeRequest();
    request.open("POST", url);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", token);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    request.onload = () => resolve({ status: request.status, answer: parsed(request.responseText) });
    request.onerror = request.ontimeout = request.onabort = () => resolve({ status: 0, answer: null });
    request.send(body);
  });
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
