/** Three of the four screens: what is near, what waits to be sent, this phone. */
import { all, codeIn, count, hazardOf, near } from "./area.js";
import { average, onFix } from "./fix.js";
import { askToStay, room, sealedFile } from "./keep.js";
import { allVisits, photosOf } from "./outbox.js";
import { drawMap, markOf } from "./map.js";
import { isOf, sendAsked } from "./send.js";
import { away, day, dayAndTime, storage } from "./sizes.js";
import { dropDraft, getMeta, setMeta } from "./store.js";

export async function homeScreen(main, { words, el, fill, go, setup, alive }) {
  const pack = await getMeta("pack");
  const list = el("ul", { class: "rows" });
  const search = el("input", { type: "search", placeholder: words.search, "aria-label": words.search, autocomplete: "off", oninput: show });
  const fixLine = el("p", { class: "quiet", "aria-live": "polite" });
  main.append(
    el("h1", { id: "screen-title", tabindex: "-1" }, words.near),
    fixLine,
    el("div", { class: "bar" }, search, scanButton()),
    el("button", { class: "big", onclick: () => go("capture", {}) }, words.newPlace),
    el("div", { class: "switch" }, el("button", { onclick: showList, "aria-pressed": "true" }, words.list), el("button", { onclick: showMap, "aria-pressed": "false" }, words.map)),
    list,
    el("div", { id: "field-map", hidden: true }),
    el("ul", { id: "field-legend", class: "legend", hidden: true }),
    el("p", { class: "quiet" }, pack ? fill(words.packOf, { day: day(new Date(pack.made_on)), count: count() }) : words.noPack),
  );
  const stop = onFix((fix) => {
    if (!alive()) return stop();
    fixLine.textContent = fix.state === "found" ? fill(words.fixFound, { metres: Math.round(fix.accuracy), count: fix.count }) : words[`fix_${fix.state}`];
    show();
  });

  function show() {
    const found = near({ fix: average(), text: search.value });
    list.replaceChildren(...found.map(row));
    if (!found.length) list.append(el("li", { class: "empty" }, count() ? words.nothingFits : words.noPack));
  }

  function row(hazard) {
    const missing = hazard.missing.map((duty) => words[`duty_${duty}`]).join(", ");
    return el("li", {}, el("button", { class: "row", onclick: () => go("capture", { hazard }) },
      markOf(hazard.verdict, el),
      el("span", { class: "grow" }, el("strong", {}, hazard.name || hazard.code), " ", el("span", { class: "quiet code" }, hazard.code),
        hazard.due ? el("span", { class: "line due" }, fill(words.assigned, { campaign: hazard.due.campaign, until: hazard.due.until.split("-").reverse().join("/") })) : null,
        el("span", { class: "line" }, setup.verdicts[hazard.verdict] ?? "", missing ? ` · ${fill(words.toLookFor, { what: missing })}` : "")),
      el("span", { class: "away" }, hazard.away == null ? "" : away(hazard.away, setup.language))));
  }

  function scanButton() {
    if (!("BarcodeDetector" in window)) return null;
    return el("label", { class: "button" }, words.scan, el("input", { type: "file", accept: "image/*", capture: "environment", hidden: true, onchange: scan }));
  }

  async function scan({ target }) {
    const picture = await createImageBitmap(target.files[0]).catch(() => null);
    const codes = picture ? await new BarcodeDetector({ formats: ["qr_code"] }).detect(picture).catch(() => []) : [];
    const code = codes.map((one) => codeIn(one.rawValue)).find(Boolean);
    const hazard = code && hazardOf(code);
    if (hazard) go("capture", { hazard });
    else search.value = code ?? "", show();
  }

  function press(button) {
    for (const one of button.parentElement.children) one.setAttribute("aria-pressed", String(one === button));
  }

  function showList({ target }) {
    press(target);
    list.hidden = false;
    main.querySelector("#field-map").hidden = main.querySelector("#field-legend").hidden = true;
  }

  function showMap({ target }) {
    press(target);
    list.hidden = true;
    const box = main.querySelector("#field-map");
    box.hidden = main.querySelector("#field-legend").hidden = false;
    if (box.dataset.ready) return;
    box.dataset.ready = "1";
    drawMap({ box, legend: main.querySelector("#field-legend"), pack, hazards: all(), fix: average(), words, verdicts: setup.verdicts, el, go });
  }
}

export async function outboxScreen(main, { words, el, fill, go, say, setup }) {
  const visits = (await allVisits()).sort((one, other) => (other.readyAt ?? other.madeAt).localeCompare(one.readyAt ?? one.madeAt));
  const rows = await Promise.all(visits.map(async (visit) => {
    const photos = await photosOf(visit.id);
    return el("li", { class: "sent" },
      visit.training ? el("span", { class: "due" }, `${words.trainingShort} · `) : null,
      el("strong", {}, visit.hazard?.name || visit.hazard?.code || words.newPlaceShort), el("span", { class: "quiet" }, ` ${dayAndTime(new Date(visit.readyAt ?? visit.madeAt))}`),
      el("span", { class: "line", "data-state": stateOf(visit) }, stateWords(visit, photos)),
      visit.receipt && visit.receipt !== "-" ? el("span", { class: "line" }, fill(words.receipt, { code: visit.receipt })) : null,
      isOf(visit, setup.userId) || visit.complete ? null : el("span", { class: "line error" }, fill(words.ofAnother, { name: visit.user ?? "?" })),
      visit.error && !visit.complete ? el("span", { class: "line error" }, visit.error) : null,
      visit.reason ? el("span", { class: "line error" }, fill(words.returned, { reason: visit.reason })) : null,
      visit.state === "draft" ? el("span", { class: "bar" }, el("button", { onclick: () => go("capture", { draft: visit }) }, words.goOn), el("button", { onclick: () => drop(visit) }, words.throwAway)) : null,
      visit.review === "returned" && visit.mend ? el("a", { class: "button", href: `${setup.addresses.mend}?mend=${visit.mend}` }, words.mend) : null);
  }));
  main.append(
    el("h1", { id: "screen-title", tabindex: "-1" }, words.outbox),
    visits.some((visit) => stateOf(visit) === "ready" || stateOf(visit) === "words") ? el("button", { class: "big", onclick: send }, words.sendNow) : "",
    el("ul", { class: "rows" }, ...(rows.length ? rows : [el("li", { class: "empty" }, words.nothingHere)])),
  );

  async function send() {
    say(words.sending);
    say((await sendAsked()) ? words.allSent : words.notAllSent);
  }

  function stateOf(visit) {
    return visit.state === "draft" ? "draft" : visit.complete ? "complete" : visit.receipt ? "words" : "ready";
  }

  function stateWords(visit, files) {
    if (visit.state === "draft") return words.draft;
    if (visit.held) return words.held;
    const photos = files.filter((file) => file.subject !== "voice");
    const voice = files.find((file) => file.subject === "voice");
    const spoken = voice ? ` · ${visit.complete || voice.done ? words.voiceSent : words.voiceWaits}` : "";
    if (visit.complete) return fill(words.complete, { photos: photos.length }) + spoken;
    const done = photos.filter((photo) => photo.done).length;
    return fill(visit.receipt ? words.wordsSent : words.waiting, { done, photos: photos.length }) + spoken;
  }

  async function drop(visit) {
    if (!confirm(words.sureThrowAway)) return;
    await dropDraft(visit.id);
    document.dispatchEvent(new Event("field:changed"));
    go("outbox");
  }
}

export async function phoneScreen(main, context) {
  const { words, el, fill, say, setup, go } = context;
  const { used, room: free, isSafe } = await room();
  main.append(
    el("h1", { id: "screen-title", tabindex: "-1" }, words.phone),
    el("p", {}, fill(words.signedInAs, { name: setup.user })),
    el("section", {}, el("h2", {}, words.storage), el("meter", { min: 0, max: used + free || 1, value: used, "aria-label": words.storage }), el("p", {}, fill(words.roomLeft, { used: storage(used, setup.language), free: storage(free, setup.language) })),
      el("p", { class: isSafe ? "quiet" : "error" }, isSafe ? words.keptSafe : words.notKeptSafe), isSafe ? null : el("button", { onclick: async () => { await askToStay(); go("phone"); } }, words.askToStay)),
    el("section", {}, el("h2", {}, words.install), el("p", { class: "quiet" }, words.installHow), context.install ? el("button", { onclick: () => context.install() }, words.installNow) : null),
    toggle(words.wifiOnly, "wifiOnly", Boolean(await getMeta("wifiOnly"))),
    toggle(words.training, "training", Boolean(await getMeta("training"))),
    toggle(words.sunlight, "look", (await getMeta("look")) === "sun", async (isOn) => { await setMeta("look", isOn ? "sun" : "plain"); document.documentElement.dataset.look = isOn ? "sun" : "plain"; }),
    el("section", {}, el("h2", {}, words.wayOut), el("p", { class: "quiet" }, words.wayOutHow), el("button", { onclick: takeOut }, words.takeOut)),
    el("p", { class: "quiet" }, fill(words.version, { version: setup.version })),
  );

  function toggle(text, key, isOn, set = (value) => setMeta(key, value)) {
    const box = el("input", { type: "checkbox", onchange: () => set(box.checked) });
    box.checked = isOn;
    return el("label", { class: "toggle" }, box, el("span", {}, text));
  }

  async function takeOut() {
    const password = prompt(words.choosePassword);
    if (!password || password.length < 8) return say(words.passwordShort, "error");
    const address = URL.createObjectURL(await sealedFile(password));
    el("a", { href: address, download: `bo-an-toan-${new Date().toISOString().slice(0, 10)}.sealed` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  }
}
