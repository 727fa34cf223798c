/** The full form, folded away: nothing of it is asked, all of it is welcome. */

export function fullForm({ setup, words, el, said, changed }) {
  said.details ??= {};
  const groups = setup.details.map((group) => {
    const answered = el("span", { class: "quiet" });
    const tell = () => {
      const count = group.questions.filter((one) => said.details[one.name] !== undefined).length;
      answered.textContent = count ? `${count}/${group.questions.length}` : "";
    };
    const keep = async (name, value) => {
      if (value === "" || value === null || (Array.isArray(value) && !value.length)) delete said.details[name];
      else said.details[name] = value;
      tell();
      await changed();
    };
    tell();
    return el("details", { class: "fold" }, el("summary", {}, `${group.label} `, answered), ...group.questions.map((one) => question(one, keep)));
  });
  return el("section", {}, el("h2", {}, words.fullForm), el("p", { class: "quiet" }, words.fullFormHow), ...groups);

  function question(one, keep) {
    if (one.kind === "choice") return choice(one, keep);
    if (one.kind === "months") return months(one, keep);
    const input = el("input", { inputmode: one.kind === "number" ? "decimal" : null, maxlength: one.kind === "text" ? one.most : 12, autocomplete: "off", "data-detail": one.name });
    input.value = said.details[one.name] ?? "";
    const wrong = el("span", { class: "error", role: "alert" });
    input.addEventListener("input", () => { // not on leaving: a line that goes would move the button under the thumb
      const value = one.kind === "number" ? number(input.value, one) : input.value.trim();
      wrong.textContent = Number.isNaN(value) ? words.notWithin.replace("{least}", one.least).replace("{most}", one.most).replace("{unit}", one.unit) : "";
      if (!Number.isNaN(value)) keep(one.name, value);
    });
    return el("label", { class: "text" }, el("span", {}, one.unit ? `${one.label} (${one.unit})` : one.label), input, wrong);
  }

  function choice(one, keep) {
    const buttons = one.options.map(([value, label]) => el("button", { type: "button", class: "pick", "data-detail": one.name, "data-value": value, "aria-pressed": String(said.details[one.name] === value), onclick: ({ currentTarget }) => {
      const isOn = currentTarget.getAttribute("aria-pressed") === "true";
      for (const other of buttons) other.setAttribute("aria-pressed", "false");
      currentTarget.setAttribute("aria-pressed", String(!isOn));
      keep(one.name, isOn ? "" : value);
    } }, label));
    return el("div", { class: "asked", role: "group", "aria-label": one.label }, el("span", {}, one.label), el("span", { class: "picks" }, ...buttons));
  }

  function months(one, keep) {
    const chosen = new Set(said.details[one.name] ?? []);
    const buttons = Array.from({ length: 12 }, (_, n) => n + 1).map((month) => el("button", { type: "button", class: "pick", "aria-pressed": String(chosen.has(month)), onclick: ({ currentTarget }) => {
      if (!chosen.delete(month)) chosen.add(month);
      currentTarget.setAttribute("aria-pressed", String(chosen.has(month)));
      keep(one.name, [...chosen].sort((a, b) => a - b));
    } }, String(month)));
    return el("div", { class: "asked", role: "group", "aria-label": one.label }, el("span", {}, one.label), el("span", { class: "picks" }, ...buttons));
  }
}

/** What was typed, a comma read as a point: a number, "" for nothing, NaN for what cannot be. */
export function number(text, { least, most, whole }) {
  const bare = text.trim().replace(",", ".");
  if (!bare) return "";
  const value = Number(bare);
  if (!Number.isFinite(value) || value < least || value > most) return NaN;
  return whole ? Math.round(value) : Math.round(value * 100) / 100;
}
