/** What a key means here: the wanted action, or "" while somebody types or holds Ctrl. */
export function keyAction(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return "";
  if (event.target?.closest?.("input, textarea, select, [contenteditable]")) return "";
  return "arxjk".includes(event.key) && event.key.length === 1 ? event.key : "";
}
