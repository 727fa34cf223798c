import { File } from "node:buffer"; // a global only from Node 20 on
import assert from "node:assert/strict";
import test from "node:test";
import { keyAction } from "../../surveys/static/surveys/js/keys.js";
import { bodyOf, fileProblem, post, refusalText, sendWords } from "../../surveys/static/surveys/js/upload.js";

const words = {
  empty: "{name} empty", tooBig: "{name} {mb} of {limit}", notPhoto: "{name} no photo",
  none: "first", noneMended: "again", one: "Send 1", many: "Send {n}",
};
const rules = { maxBytes: 2 * 1024 * 1024, words };

test("a file that cannot be sent says why", () => {
  assert.equal(fileProblem({ name: "a", size: 5, type: "image/jpeg" }, rules), "");
  assert.equal(fileProblem({ name: "a", size: 5, type: "" }, rules), ""); // HEIC on many phones
  assert.equal(fileProblem({ name: "a", size: 0, type: "image/jpeg" }, rules), "a empty");
  assert.equal(fileProblem({ name: "a", size: 3 * 1024 * 1024, type: "image/jpeg" }, rules), "a 3.0 of 2");
  assert.equal(fileProblem({ name: "a", size: 5, type: "text/html" }, rules), "a no photo");
});

test("the button says what a press does", () => {
  assert.deepEqual([0, 1, 3].map((n) => sendWords(n, { words })), ["first", "Send 1", "Send 3"]);
  assert.equal(sendWords(0, { words, isMended: true }), "again");
});

test("a refusal is one text, each sentence once", () => {
  assert.equal(refusalText({ message: "too far" }), "too far");
  assert.equal(refusalText({ fields: { lat: ["a"], lon: ["a"], __all__: ["b"] } }), "a b");
  assert.equal(refusalText(null), "");
});

test("fields and photos make one body, in the order taken", () => {
  const photo = (name) => ({ subject: "sign", file: new File(["x"], name) });
  const body = bodyOf([["note", "n"], ["photo_site", new File([], "")]], [photo("1.jpg"), photo("2.jpg")]);
  assert.equal(body.get("note"), "n");
  assert.equal(body.has("photo_site"), false);
  assert.deepEqual(body.getAll("photo_sign").map((file) => file.name), ["1.jpg", "2.jpg"]);
});

function fakeRequest(finish) {
  const made = { upload: {}, headers: {} };
  made.open = (...given) => (made.opened = given);
  made.setRequestHeader = (name, value) => (made.headers[name] = value);
  made.send = () => finish(made);
  return made;
}

test("progress is told, the answer read, a broken connection is status 0", async () => {
  const shares = [];
  const options = (finish) => ({ token: "t", onProgress: (share) => shares.push(share), makeRequest: () => fakeRequest(finish) });
  const good = await post("/x", null, options((request) => {
    request.upload.onprogress({ lengthComputable: true, loaded: 1, total: 4 });
    Object.assign(request, { status: 201, responseText: '{"url": "/r"}' });
    request.onload();
  }));
  const page = await post("/x", null, options((request) => {
    Object.assign(request, { status: 502, responseText: "<html>" });
    request.onload();
  }));
  const broken = await post("/x", null, options((request) => request.onerror()));
  assert.deepEqual(good, { status: 201, answer: { url: "/r" } });
  assert.deepEqual(page, { status: 502, answer: null });
  assert.deepEqual(broken, { status: 0, answer: null });
  assert.deepEqual(shares, [0.25]);
});

test("keys decide only when nobody is typing", () => {
  const typing = { closest: () => ({}) };
  assert.equal(keyAction({ key: "a", target: null }), "a");
  assert.equal(keyAction({ key: "a", target: typing }), "");
  assert.equal(keyAction({ key: "a", ctrlKey: true }), "");
  assert.deepEqual(["q", "Enter", "ar", ""].map((key) => keyAction({ key })), ["", "", "", ""]);
});
