import assert from "node:assert/strict";
import test from "node:test";
import { betterFix, describe, fill, metresBetween, quality, watch } from "../../surveys/static/surveys/js/position.js";

const words = { good: "good {m}", fair: "fair {m}", poor: "poor {m}", odd: "odd", manual: "manual", far: "far {m}" };
const here = { lat: 21, lon: 105.8 };
const east104 = { lat: 21, lon: 105.801 }; // 104 m: 0.001 degree of longitude at 21 N

test("sentences take numbers by name and keep what they do not know", () => {
  assert.equal(fill("{m} m, {x}", { m: 8 }), "8 m, {x}");
});

test("accuracy in words", () => {
  assert.deepEqual([5, 20, 21, 50, 51].map(quality), ["good", "good", "fair", "fair", "poor"]);
  assert.deepEqual([0, -1, NaN, undefined, null].map(quality), ["odd", "odd", "odd", "odd", "odd"]);
});

test("the more exact fix is kept, an old one gives way, an unbelievable one does not win", () => {
  const old = { accuracyM: 5, atMs: 0 };
  const fresh = { accuracyM: 30, atMs: 59_000 };
  assert.equal(betterFix(null, fresh), fresh);
  assert.equal(betterFix(old, fresh), old);
  assert.equal(betterFix(old, { ...fresh, atMs: 61_000 }).accuracyM, 30);
  assert.equal(betterFix(old, { accuracyM: 0, atMs: 1000 }), old);
});

test("metres over the ground", () => {
  assert.ok(Math.abs(metresBetween(here, east104) - 104) < 1);
  assert.equal(metresBetween(here, here), 0);
});

test("a fix in words: far wins, then the hand, then the accuracy", () => {
  const fix = { ...here, accuracyM: 7.6 };
  assert.deepEqual(describe({ fix, from: "gps", hazard: null, words }), { quality: "good", text: "good 8" });
  assert.deepEqual(describe({ fix, from: "manual", hazard: here, words }), { quality: "manual", text: "manual" });
  assert.equal(describe({ fix, from: "gps", hazard: east104, words, farM: 100 }).text, "far 104");
});

test("no position without https or without the sensor", () => {
  const told = [];
  watch({ onFix: () => {}, onFail: (name) => told.push(name), geolocation: null, isSecure: true });
  watch({ onFix: () => {}, onFail: (name) => told.push(name), geolocation: {}, isSecure: false });
  assert.deepEqual(told, ["insecure", "insecure"]);
});

test("refused and not found are told apart; better fixes arrive; stopping stops", () => {
  const told = [];
  const fixes = [];
  let give, fail, stopped;
  const geolocation = {
    watchPosition: (onFix, onFail) => ((give = onFix), (fail = onFail), 7),
    clearWatch: (id) => (stopped = id),
  };
  const stop = watch({ onFix: (fix) => fixes.push(fix.accuracyM), onFail: (name) => told.push(name), geolocation, isSecure: true });
  fail({ code: 1 });
  fail({ code: 3 });
  const at = (accuracy, timestamp) => ({ coords: { latitude: 21, longitude: 105.8, accuracy }, timestamp });
  [at(40, 0), at(60, 1000), at(9, 2000)].forEach(give);
  fail({ code: 3 }); // a fix is there: nothing to complain of
  stop();
  assert.deepEqual(told, ["denied", "unavailable"]);
  assert.deepEqual(fixes, [40, 9]);
  assert.equal(stopped, 7);
});
