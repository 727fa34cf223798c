import assert from "node:assert/strict";
import test from "node:test";
import { date, hectares, metres, number, people, percent, share } from "../../common/static/common/js/format.js";

const vi = { language: "vi" };
const en = { language: "en" };

test("numbers group by thousands in each language", () => {
  assert.equal(number(1234567.25, { digits: 1, ...vi }), "1.234.567,3");
  assert.equal(number(1234.5, { digits: 1, ...en }), "1,234.5");
  assert.equal(number(999, vi), "999");
  assert.equal(number(-1234, vi), "-1.234");
  assert.equal(number(-0.2, vi), "0");
});

test("what is missing is a dash, never a zero", () => {
  for (const missing of [null, undefined, "", NaN, "abc"]) assert.equal(number(missing, vi), "-");
  assert.equal(metres(null, vi), "-");
  assert.equal(hectares(undefined, vi), "-");
  assert.equal(number(0, vi), "0");
});

test("less than half a person is not nobody", () => {
  assert.equal(people(18423.6, vi), "18.424");
  assert.equal(people(0.2, vi), "<\u00a01");
  assert.equal(people(0, vi), "0");
  assert.equal(people(null, vi), "-");
});

test("lengths and areas carry their unit", () => {
  assert.equal(metres(1412, vi), "1.412\u00a0m");
  assert.equal(hectares(12500, vi), "1,25\u00a0ha");
});

test("a hundred per cent is said only when nothing is missing", () => {
  assert.equal(percent(2499, 2500, vi), "99,9\u00a0%"); // 99.96 %
  assert.equal(percent(2500, 2500, vi), "100\u00a0%");
  assert.equal(percent(1, 10000, vi), "<\u00a00,1\u00a0%"); // 0.01 %
  assert.equal(percent(0, 10000, vi), "0\u00a0%");
  assert.equal(percent(0, 0, vi), "-");
  assert.equal(percent(37, 120, en), "30.8%");
  assert.equal(share(37, 120, vi), "37/120 (30,8\u00a0%)");
  assert.equal(share(0, 0, vi), "-");
});

test("dates follow the calendar of Vietnam", () => {
  assert.equal(date("2026-11-22", vi), "22/11/2026");
  assert.equal(date("2026-11-22", en), "22 Nov 2026");
  // 18:30 UTC is 01:30 of the next day at UTC+7.
  assert.equal(date("2026-11-22T18:30:00Z", vi), "23/11/2026");
  assert.equal(date("", vi), "-");
  assert.equal(date("soon", vi), "-");
});
