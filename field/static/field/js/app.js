/** The field app: one page, four screens, everything on the phone first. */
import { fetchPack, openPack } from "./area.js";
import { openCapture } from "./capture.js";
import { startFix } from "./fix.js";
import { askToStay } from "./keep.js";
import { allVisits, unsent } from "./outbox.js";
import { homeScreen, outboxScreen, phoneScreen } from "./screens.js";
import { onSend, prepareSending, sendSoon } from "./send.js";
import { getMeta, setMeta } from "./store.js";

const setup = JSON.parse(document.getElementById("field-setup").textContent);
const words = setup.words;
const main = document.getElementById("screen");
const NAG_MS = 48 * 3_600_000;
let shown = "home";
let turns = 0;

/** Make an element: el("p", {class: "x"}, "words", child). */
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child != null));
  return made;
}

/** Put facts into a text: {name} is its value; {name|photo|photos} the first word when it is 1. */
export const fill = (text, facts) => Object.entries(facts).reduce((all, [name, value]) => all
  .replace(new RegExp(`\\{${name}\\|([^|}]*)\\|([^}]*)\\}`, "g"), value === 1 ? "$1" : "$2")
  .replace(`{${name}}`, value), text);

export function say(text, kind = "info") {
  const box = document.getElementById("said");
  box.textContent = text;
  box.dataset.kind = kind;
  box.hidden = !text;
  clearTimeout(say.timer);
  if (kind !== "error") say.timer = setTimeout(() => { box.hidden = true; }, 5000);
}

const context = { setup, words, el, fill, say, go };

export async function go(screen, more = {}) {
  shown = screen;
  for (const button of document.querySelectorAll("[data-go]")) button.toggleAttribute("aria-current", button.dataset.go === screen);
  const turn = ++turns; // a slow screen never comes over one that was asked for later
  const box = el("div");
  const own = { ...context, alive: () => turn === turns };
  if (screen === "capture") await openCapture(box, own, more);
  else await { home: homeScreen, outbox: outboxScreen, phone: phoneScreen }[screen](box, own);
  if (turn !== turns) return;
  main.replaceChildren(box);
  if (more.again) return;
  scrollTo(0, 0);
  document.getElementById("screen-title").focus({ preventScroll: true });
}

async function tellLeft() {
  const left = await unsent();
  const drafts = (await allVisits()).filter((visit) => visit.state === "draft").length;
  const badge = document.getElementById("unsent");
  badge.textContent = left.rows + drafts || "";
  badge.hidden = !(left.rows + drafts);
  document.getElementById("signal").textContent = navigator.onLine ? (left.rows ? fill(words.leftToSend, { visits: left.rows, photos: left.photos }) : words.allSent) : words.offline;
  const old = left.oldest && Date.now() - left.oldest > NAG_MS;
  document.getElementById("nag").hidden = !old;
}

async function signIn() {
  if ((await getMeta("token")) && (await getMeta("userId")) === setup.userId) return true;
  if (!navigator.onLine) return Boolean(await getMeta("token"));
  const name = (navigator.userAgentData?.platform ?? navigator.platform ?? "") + " " + (navigator.userAgent.match(/\(([^)]{3,60})/)?.[1] ?? "");
  const body = new URLSearchParams({ name });
  const answer = await fetch(setup.addresses.devices, { method: "POST", body, headers: { "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value, Accept: "application/json" } });
  if (!answer.ok) return false;
  const { token } = await answer.json();
  await setMeta("token", token);
  await setMeta("userId", setup.userId);
  return true;
}

async function registerWorker() {
  if (!("serviceWorker" in navigator)) return;
  const worker = await navigator.serviceWorker.register(setup.addresses.worker, { updateViaCache: "none" }).catch(() => null);
  worker?.addEventListener("updatefound", () => {
    worker.installing?.addEventListener("statechange", ({ target }) => {
      if (target.state === "installed" && navigator.serviceWorker.controller) document.getElementById("update").hidden = false;
    });
  });
  document.getElementById("update").addEventListener("click", async () => {
    const waiting = (await navigator.serviceWorker.getRegistration())?.waiting;
    waiting?.postMessage("take over");
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  });
}

async function begin() {
  if (!isSecureContext || !window.indexedDB || !crypto.subtle) return say(words.needsHttps, "error");
  document.documentElement.dataset.look = (await getMeta("look")) ?? "plain";
  for (const button of document.querySelectorAll("[data-go]")) button.addEventListener("click", () => go(button.dataset.go));
  addEventListener("online", tellLeft);
  addEventListener("offline", tellLeft);
  let install = null;
  addEventListener("beforeinstallprompt", (event) => { event.preventDefault(); install = event; context.install = () => install?.prompt(); });
  registerWorker();
  const isIn = await signIn().catch(() => false);
  if (!isIn) say(words.signInFailed, "error");
  askToStay();
  await openPack();
  await go("home");
  startFix();
  prepareSending(setup);
  onSend(({ error }) => { tellLeft(); if (shown === "outbox") go("outbox", { again: true }); if (error) document.getElementById("signal").title = error; });
  await tellLeft();
  if (await fetchPack(setup)) if (shown === "home") await go("home", { again: true });
  setInterval(() => sendSoon(0), 60_000);
}

document.addEventListener("field:changed", () => { tellLeft(); sendSoon(0); });
begin();
