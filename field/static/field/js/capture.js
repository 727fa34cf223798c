/** One visit: the photo first, then a few taps. Everything is kept from the first photo on. */
import { average, metresBetween, onFix } from "./fix.js";
import { near } from "./area.js";
import { fullForm } from "./full.js";
import { getMeta } from "./store.js";
import { addPhoto, finish, keepDraft, newDraft, photosOf, position } from "./outbox.js";
import { voiceButton } from "./voice.js";

const SAME_PLACE_M = 60;
const THERE = ["present", "partial", "damaged"]; // said of a safeguard, it wants a photo

export async function openCapture(main, { setup, words, el, fill, say, go, alive }, { hazard = null, draft = null }) {
  const visit = draft ?? newDraft(hazard, average(), Boolean(await getMeta("training")), setup);
  const said = visit.draft;
  const isWell = (hazard?.kind ?? said.new_kind) && ["well", "tank", "septic_lime"].includes(hazard?.kind ?? said.new_kind);
  const shots = el("ul", { class: "shots" });
  const fixLine = el("p", { class: "quiet", "aria-live": "polite" });
  const alike = el("div", { class: "alike" });
  const lacking = el("div", { class: "lacking" });
  said.skipped ??= {};
  const save = el("button", { class: "big", onclick: done, disabled: true }, words.takePhotoFirst);
  const isKnown = Boolean(visit.hazard);
  main.append(
    el("h1", { id: "screen-title", tabindex: "-1" }, isKnown ? visit.hazard.name || visit.hazard.code : words.newPlace),
    isKnown ? el("p", { class: "quiet" }, visit.hazard.code) : null ?? "",
    visit.training ? el("p", { class: "due" }, words.trainingNow) : "",
    fixLine,
    el("section", {}, el("h2", {}, words.photos), el("div", { class: "shutters" }, shutter("site", true), shutter("sign"), shutter("barrier"), isWell ? shutter("cover") : ""), shots),
    alike,
    isKnown ? "" : choices("new_kind", words.whatIsIt, setup.kinds, { most: 8 }),
    isKnown ? "" : text("new_name", words.itsName, 250),
    choices("lifecycle", words.howIsIt, setup.placeStates, { optional: true }),
    choices("sign_state", words.duty_sign, setup.signStates),
    choices("barrier_state", words.duty_barrier, setup.barrierStates),
    choices("cover_state", words.duty_cover, setup.signStates, { hidden: !isWell }),
    choices("depth_class", words.depth, setup.depthClasses),
    choices("depth_method", words.depthHow, setup.depthMethods, { optional: true }),
    text("note", words.note, 2000, true),
    voiceButton({ words, el, fill, say, alive, keep: (file) => shot({ files: [file] }, "voice") }),
    fullForm({ setup, words, el, said, changed: keepIfBegun }),
    el("div", { class: "stick" }, lacking, save),
  );
  const stop = onFix((fix) => {
    if (!alive()) return stop();
    const here = fix.state === "found" ? fill(words.fixFound, { metres: Math.round(fix.accuracy), count: fix.count }) : words[`fix_${fix.state}`];
    fixLine.textContent = visit.shot && said.lat ? fill(words.fixKept, { metres: Math.round(said.accuracy_m ?? 0) }) : here;
    if (!isKnown) askAlike(fix.state === "found" ? fix : null);
  });
  await showShots();

  function shutter(subject, isFirst = false) {
    const input = el("input", { type: "file", accept: "image/*", capture: "environment", hidden: true, "data-subject": subject, onchange: () => shot(input, subject) });
    return el("label", { class: isFirst ? "shutter first" : "shutter" }, words[`shot_${subject}`], input);
  }

  /** The shutter: position and photo are on the disk together before anything else happens. */
  async function shot(input, subject) {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    if (file.size > setup.maxBytes) return say(fill(words.tooLarge, { limit: Math.round(setup.maxBytes / 1e6) }), "error");
    const fix = average();
    delete said.skipped[subject];
    if (fix && (!said.lat || fix.accuracy < (said.accuracy_m ?? Infinity))) Object.assign(said, position(fix));
    if (subject !== "voice") visit.shot = true;
    try {
      await addPhoto(visit, file, subject);
    } catch (error) {
      return say(fill(words.notKept, { why: error.name ?? String(error) }), "error");
    }
    document.dispatchEvent(new Event("field:changed"));
    await showShots();
  }

  async function showShots() {
    const photos = await photosOf(visit.id);
    shots.replaceChildren(...photos.map((photo) => {
      const address = photo.blob ? URL.createObjectURL(photo.blob) : "";
      if (photo.subject === "voice") return el("li", { class: "spoken" }, el("audio", { src: address, controls: true }), el("span", {}, words.spoken));
      const of = photo.subject === "site" ? words.wholePlace : words[`shot_${photo.subject}`];
      return el("li", {}, el("img", { src: address, alt: of, onload: () => URL.revokeObjectURL(address) }), el("span", {}, of));
    }));
    ready(photos);
  }

  function ready(all) {
    const photos = all.filter((photo) => photo.subject !== "voice");
    const open = ["sign", "barrier", "cover"].filter((duty) => THERE.includes(said[`${duty}_state`]) && !said.skipped[duty] && !photos.some((photo) => photo.subject === duty));
    lacking.replaceChildren(...(photos.length ? open.map(lack) : []));
    const lacks = !photos.length ? words.takePhotoFirst : !isKnown && !said.new_kind ? words.chooseKind : open.length ? fill(words.photoOrReason, { what: words[`duty_${open[0]}`] }) : "";
    save.disabled = Boolean(lacks);
    save.textContent = lacks || fill(words.save, { photos: photos.length });
  }

  /** Said to be there: show it, or say why not. */
  function lack(duty) {
    const reasons = el("select", { "aria-label": fill(words.whyNoPhoto, { what: words[`duty_${duty}`] }), onchange: async () => {
      said.skipped[duty] = reasons.value;
      await keepIfBegun();
      ready(await photosOf(visit.id));
    } }, el("option", { value: "" }, fill(words.whyNoPhoto, { what: words[`duty_${duty}`] })), ...setup.skipReasons.map(([value, label]) => el("option", { value }, label)));
    return el("div", { class: "bar" }, shutter(duty), reasons);
  }

  function choices(name, title, options, { optional = false, hidden = false, most = 99 } = {}) {
    if (hidden) return "";
    const box = el("fieldset", {}, el("legend", {}, title));
    const pick = async (value) => {
      said[name] = said[name] === value && optional ? "" : value;
      if (name.endsWith("_state") && !THERE.includes(said[name])) delete said.skipped[name.replace("_state", "")];
      await keepIfBegun();
      ready(await photosOf(visit.id));
    };
    options.forEach(([value, label], n) => {
      const input = el("input", { type: "radio", name, value, onchange: () => pick(value) });
      input.checked = said[name] === value;
      box.append(el("label", { class: "choice", hidden: n >= most && !input.checked }, input, el("span", {}, label)));
    });
    if (options.length > most) box.append(el("button", { type: "button", onclick: ({ target }) => { target.remove(); for (const one of box.querySelectorAll("[hidden]")) one.hidden = false; } }, words.more));
    return box;
  }

  function text(name, title, limit, isLong = false) {
    const input = el(isLong ? "textarea" : "input", { maxlength: limit, rows: isLong ? 2 : null, autocomplete: "off", oninput: async () => { said[name] = input.value; await keepIfBegun(); } });
    input.value = said[name] ?? "";
    return el("label", { class: "text" }, el("span", {}, title), input);
  }

  async function keepIfBegun() {
    if ((await photosOf(visit.id)).length) await keepDraft(visit);
  }

  function askAlike(fix) {
    const found = fix ? near({ fix, most: 3 }).filter((row) => metresBetween(fix, row) < SAME_PLACE_M) : [];
    alike.replaceChildren(...(found.length ? [el("p", {}, words.isItOneOfThese), ...found.map((row) => el("button", { onclick: () => take(row) }, row.name || row.code))] : []));
  }

  /** The place is known after all: the photos stay, the visit is of that hazard. */
  async function take(row) {
    visit.hazard = { code: row.code, name: row.name };
    said.hazard = row.code;
    delete said.new_kind;
    await keepIfBegun();
    go("capture", { hazard: row, draft: visit });
  }

  async function done() {
    save.disabled = true;
    if (!said.lat) Object.assign(said, position(average()));
    if (!said.lat && hazard) Object.assign(said, { lat: hazard.lat, lon: hazard.lon, accuracy_m: null, position_is_manual: true });
    if (!said.lat) {
      save.disabled = false;
      return say(words.noPosition, "error");
    }
    try {
      await finish(visit);
    } catch (error) {
      save.disabled = false;
      return say(fill(words.notKept, { why: error.name ?? String(error) }), "error");
    }
    document.dispatchEvent(new Event("field:changed"));
    say(words.kept);
    go("outbox");
  }
}
