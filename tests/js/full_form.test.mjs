import assert from "node:assert/strict";
import test from "node:test";
import { number } from "../../field/static/field/js/full.js";

const metres = { least: 0, most: 250, whole: false };

test("a comma is a point, and nothing is nothing", () => {
  assert.equal(number("2,45", metres), 2.45);
  assert.equal(number(" 3 ", metres), 3);
  assert.equal(number("", metres), "");
});

test("what cannot be is no number", () => {
  for (const text of ["251", "-1", "deep", "2.5.1", "Infinity", "1e9"]) assert.ok(Number.isNaN(number(text, metres)), text);
});

test("whole things are counted whole, and both ends count", () => {
  assert.equal(number("40.4", { least: 0, most: 50, whole: true }), 40);
  assert.equal(number("0", metres), 0);
  assert.equal(number("250", metres), 250);
});
