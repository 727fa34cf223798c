import assert from "node:assert/strict";
import test from "node:test";
import { away, storage } from "../../field/static/field/js/sizes.js";

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
