/** The filter form of a list: short addresses, labels of check menus, the date bar kept in step. */

/** Keep only parameters that narrow something, so that an address can be read and sent. */
export function withoutEmpty(entries) {
  return entries.filter(([, value]) => value !== "" && value !== null && value !== undefined);
}

/** Words for a check menu: the names chosen, or how many when they would not fit. */
export function menuText(names, none) {
  if (names.length === 0) return none;
  return names.length <= 2 ? names.join(", ") : `${names.slice(0, 2).join(", ")} + ${names.length - 2}`;
}

function updateMenu(menu) {
  const button = menu.querySelector("button");
  const names = [...menu.querySelectorAll("input:checked")].map((box) => box.nextElementSibling.textContent);
  button.textContent = menuText(names, button.dataset.none);
}

/** The date form above the page sends the list's filters along; they changed without it. */
function updateDateForm() {
  const form = document.querySelector("form.asof");
  if (!form) return;
  form.querySelectorAll("input[type=hidden]").forEach((input) => input.remove());
  for (const [name, value] of new URLSearchParams(window.location.search)) {
    if (name === "as_of" || name === "page") continue;
    const input = Object.assign(document.createElement("input"), { type: "hidden", name, value });
    form.append(input);
  }
}

/** On a wide page the filters stand open where they are the point, or where one is in use. */
function openWhereThereIsRoom(more) {
  const isInUse = [...new URLSearchParams(window.location.search)].some(([name, value]) => value && more.querySelector(`[name="${name}"]`));
  if (window.innerWidth >= 1200 && (isInUse || !document.getElementById("list-map"))) {
    more.classList.add("show");
    document.querySelector("[data-bs-target='#more-filters']").setAttribute("aria-expanded", "true");
  }
}

/** Start; ``onResults`` runs after new rows stand on the page. */
export function watchFilters(onResults = () => {}) {
  const form = document.getElementById("list-filters");
  form.querySelectorAll(".check-menu").forEach(updateMenu);
  openWhereThereIsRoom(document.getElementById("more-filters"));
  form.addEventListener("change", (event) => {
    const menu = event.target.closest(".check-menu");
    if (menu) updateMenu(menu);
  });
  document.body.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.elt !== form) return;
    for (const [name, value] of [...event.detail.formData.entries()]) {
      if (value === "") event.detail.formData.delete(name);
    }
  });
  document.body.addEventListener("htmx:pushedIntoHistory", updateDateForm);
  document.body.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target?.id === "results" || event.detail.elt?.id === "results") onResults();
  });
}
