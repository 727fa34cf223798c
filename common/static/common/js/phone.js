/** The surveyor's shell: sunlight mode, the link in words, the count of what waits. */
const KEY = "safeshore.sunlight";

/** Read a remembered switch; a browser that forbids storage remembers nothing. */
export function remembered(storage, key) {
  try {
    return storage().getItem(key) === "1";
  } catch {
    return false;
  }
}

export function remember(storage, key, isOn) {
  try {
    storage().setItem(key, isOn ? "1" : "0");
  } catch {
    // Private windows refuse; the mode then lasts as long as the page.
  }
}

/** Write the number of waiting items wherever it stands. */
export function setOutboxCount(count, root = document) {
  for (const place of root.querySelectorAll("[data-outbox-count]")) place.textContent = String(count);
}

function setSunlight(isOn) {
  document.body.classList.toggle("sunlight", isOn);
  document.querySelector("[data-sunlight]")?.setAttribute("aria-pressed", String(isOn));
}

function showLink() {
  const bar = document.querySelector("[data-link-state]");
  if (!bar) return;
  const state = navigator.onLine ? "online" : "offline";
  bar.dataset.state = state;
  bar.querySelector("[data-link-words]").textContent = bar.dataset[state];
}

function wire() {
  const storage = () => window.localStorage;
  setSunlight(remembered(storage, KEY));
  document.querySelector("[data-sunlight]")?.addEventListener("click", () => {
    const isOn = !document.body.classList.contains("sunlight");
    setSunlight(isOn);
    remember(storage, KEY, isOn);
  });
  for (const name of ["online", "offline"]) window.addEventListener(name, showLink);
  showLink();
}

if (globalThis.document) wire();
