import assert from "node:assert/strict";
import test from "node:test";
import { away, day, dayAndTime, storage } from "../../field/static/field/js/sizes.js";

test("distances are told to ten metres, far ones in kilometres with the language's own comma", () => {
  assert.equal(away(43, "vi"), "40 m");
  assert.equal(away(949, "vi"), "950 m");
  assert.equal(away(13_000, "vi"), "13,0 km");
  assert.equal(away(13_000, "en"), "13.0 km");
});

test("room on the phone is told in MB and GB", () => {
  assert.equal(storage(1_400_000, "vi"), "1 MB");
  assert.equal(storage(10_737_418_240, "vi"), "10,7 GB");
});

test("days and moments are told day first, by the phone's own clock", () => {
  const moment = new Date(2026, 2, 5, 8, 7, 59); // the fifth of March
  assert.equal(day(moment), "05/03/2026");
  assert.equal(dayAndTime(moment), "05/03/2026 08:07");
});
