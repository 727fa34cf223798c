/** Wiring of the capture page: photos, position, questions that fit the kind, sending. */
import { number } from "../../common/js/format.js";
import { csrfToken } from "../../common/js/http.js";
import { makeTrays } from "./photos.js";
import { makePinMap } from "./pinmap.js";
import { describe, fill, watch } from "./position.js";
import { bodyOf, post, refusalText, sendWords } from "./upload.js";

const form = document.getElementById("capture");
const facts = JSON.parse(document.getElementById("page-facts").textContent);
const duties = JSON.parse(document.getElementById("duties-by-kind").textContent);
const { words } = facts;
const at = (name) => form.elements.namedItem(name);
const clockSkewMs = Date.parse(facts.serverNow) - Date.now(); // phones' clocks may be years off
const isMended = Boolean(at("mends").value);
const line = form.querySelector("[data-position-line]");
const sendButton = form.querySelector("[data-send]");
let isSending = false;
let isDone = false;
let isManual = isMended && at("position_is_manual").checked;
let askedAround = null;

// Photos ------------------------------------------------------------------------------------------
const photos = makeTrays(form, {
  maxBytes: facts.photoMaxBytes,
  words,
  onChange(taken, problems) {
    if (taken.length && !at("captured_at").value) at("captured_at").value = nowOnServer();
    refuse(problems);
    showButton();
  },
});

function nowOnServer() {
  return new Date(Date.now() + clockSkewMs).toISOString();
}

function showButton() {
  const text = sendWords(photos.length, { words: { ...words, ...words.send }, isMended });
  form.querySelector("[data-send-words]").textContent = text;
  sendButton.disabled = isSending || (photos.length === 0 && !isMended);
  form.querySelector("[data-send-box]").classList.toggle("is-ready", !sendButton.disabled || isSending);
}

// Position ----------------------------------------------------------------------------------------
const map = makePinMap("pin-map", {
  hazard: facts.hazard,
  base: facts.base,
  onMove(place) {
    isManual = true;
    write(place, "manual");
  },
});

function write(fix, from) {
  at("lat").value = fix.lat.toFixed(7);
  at("lon").value = fix.lon.toFixed(7);
  at("accuracy_m").value = from === "gps" && Number.isFinite(fix.accuracyM) ? String(fix.accuracyM) : "";
  at("position_is_manual").checked = from === "manual";
  say(describe({ fix, from, hazard: facts.hazard, words, write: number }));
  askAround(fix);
}

function say({ quality, text }) {
  line.dataset.quality = quality;
  line.textContent = text;
}

let stopWatching = () => {};
function locate() {
  stopWatching();
  isManual = false;
  say({ quality: "", text: words.searching });
  stopWatching = watch({
    onFix(fix) {
      if (isManual) return;
      map.show(fix);
      write(fix, "gps");
    },
    onFail: (name) => say({ quality: "odd", text: words[name] }),
  });
}
form.querySelector("[data-locate]").addEventListener("click", locate);
for (const name of ["lat", "lon"]) {
  at(name).addEventListener("change", () => {
    isManual = true;
    at("position_is_manual").checked = true;
    at("accuracy_m").value = "";
    const [lat, lon] = [at("lat"), at("lon")].map((field) => Number(field.value.replace(",", ".")));
    if (at("lat").value && at("lon").value && Number.isFinite(lat) && Number.isFinite(lon)) map.show({ lat, lon });
  });
}
if (at("lat").value) {
  const kept = { lat: Number(at("lat").value), lon: Number(at("lon").value), accuracyM: Number(at("accuracy_m").value) };
  map.show(kept);
  write(kept, at("position_is_manual").checked ? "manual" : "gps");
} else locate();

// Questions that fit the kind, and known places near a new one ---------------------------------------
form.addEventListener("change", (event) => {
  if (event.target.name === "new_kind") showDuties(duties[event.target.value]);
});

function showDuties(asked) {
  for (const part of form.querySelectorAll("[data-duty]")) {
    if (part.dataset.duty) part.hidden = !asked.includes(part.dataset.duty);
  }
}

async function askAround({ lat, lon }) {
  const key = `${lat.toFixed(4)} ${lon.toFixed(4)}`; // about 10 m
  if (askedAround === key) return;
  askedAround = key;
  const answer = await fetch(`${facts.nearbyUrl}?lat=${lat}&lon=${lon}`, { headers: { Accept: "application/json" } })
    .then((response) => (response.ok ? response.json() : { hazards: [], around: [] }))
    .catch(() => ({ hazards: [], around: [] }));
  map.showAround(answer.around);
  if (facts.hazard) return;
  const box = form.querySelector("[data-same-place]");
  box.hidden = answer.hazards.length === 0;
  box.querySelector("[data-same-place-head]").textContent = words.sameOne;
  box.querySelector("[data-same-place-list]").replaceChildren(...answer.hazards.map(sameRow));
}

function sameRow({ name, code, verdict_word: verdict, away_m: awayM, url }) {
  const [item, link, text, strong, muted, far] = ["li", "a", "span", "strong", "span", "span"].map((tag) => document.createElement(tag));
  Object.assign(link, { className: "card-row", href: url });
  strong.textContent = name;
  Object.assign(muted, { className: "muted", textContent: `${verdict} · ${code}` });
  Object.assign(far, { className: "far", textContent: fill(words.metresAway, { m: awayM }) });
  text.append(strong, muted);
  link.append(text, far);
  item.append(link);
  return item;
}

// Sending -----------------------------------------------------------------------------------------
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (isSending || sendButton.disabled) return; // a second tap of the same press
  isSending = true;
  refuse([]);
  showProgress(0);
  showButton();
  if (!at("captured_at").value) at("captured_at").value = nowOnServer();
  const token = csrfToken(document.cookie, at("csrfmiddlewaretoken").value);
  const { status, answer } = await post(form.action, bodyOf(new FormData(form), photos), { token, onProgress: showProgress });
  isSending = false;
  if ((status === 200 || status === 201) && answer?.url) {
    isDone = true;
    window.location.assign(answer.url);
    return;
  }
  form.querySelector("[data-progress]").hidden = true;
  showButton();
  form.querySelector("[data-send-words]").textContent = words.sendAgain;
  const why = refusalText(answer);
  refuse([why ? fill(words.refused, { message: why }) : words.noConnection]);
});

function showProgress(share) {
  form.querySelector("[data-progress]").hidden = false;
  const percent = Math.floor(share * 100);
  form.querySelector("[data-progress-bar]").style.width = `${percent}%`;
  form.querySelector("[data-progress-words]").textContent = share < 1 ? fill(words.sending, { percent }) : words.finishing;
}

function refuse(texts) {
  const box = document.querySelector("[data-refusal]");
  box.hidden = texts.length === 0;
  box.querySelector("[data-refusal-text]").textContent = texts.join(" ");
  if (texts.length) box.scrollIntoView({ block: "center", behavior: "smooth" });
}

window.addEventListener("beforeunload", (event) => {
  if (photos.length && !isDone) event.preventDefault();
});
showButton();
