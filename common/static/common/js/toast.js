/** Say something in the corner for a while; errors stay until dismissed. */
const SHOWN_MS = 6000;

export function toast(text, { kind = "success" } = {}) {
  const place = document.getElementById("toasts");
  if (!place || !text) return null;
  const box = document.createElement("div");
  box.className = `notice notice-${kind}`;
  const words = document.createElement("div");
  words.textContent = text;
  const close = document.createElement("button");
  close.className = "btn-close";
  close.type = "button";
  close.dataset.dismiss = "";
  close.setAttribute("aria-label", place.dataset.dismissLabel);
  box.append(words, close);
  place.append(box);
  if (kind !== "error") setTimeout(() => box.remove(), SHOWN_MS);
  return box;
}
