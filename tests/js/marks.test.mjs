import assert from "node:assert/strict";
import test from "node:test";
import { remember, remembered } from "../../common/static/common/js/phone.js";
import {
  CHILDREN, classOf, childrenColour, COVERAGE, COVERAGE_FULL, coverageColour, quantileLimits, UNSEEN_FILL,
} from "../../common/static/common/js/ramps.js";
import { COLOURS, verdictSvg } from "../../common/static/common/js/verdicts.js";

test("a verdict nobody knows looks unseen, not safe", () => {
  assert.equal(verdictSvg("brand_new"), verdictSvg("not_surveyed"));
  assert.ok(!verdictSvg("brand_new").includes(COLOURS.compliant));
});

test("each limit opens the next class", () => {
  assert.deepEqual([0, 9, 10, 99, 100, 5000].map((n) => classOf(n, [10, 100, 1000, 2000])), [0, 0, 1, 1, 2, 4]);
  assert.equal(childrenColour(5000, [10, 100, 1000, 2000]), CHILDREN[4]);
  assert.equal(childrenColour(null, [10]), UNSEEN_FILL);
});

test("quantiles split ten areas into five pairs, and repeated values into fewer classes", () => {
  assert.deepEqual(quantileLimits([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), [3, 5, 7, 9]);
  assert.deepEqual(quantileLimits([0, 0, 0, 0, 8]), [8]);
  assert.deepEqual(quantileLimits([]), []);
});

test("complete coverage is a class of its own, and nothing to cover has no colour", () => {
  assert.equal(coverageColour(2499, 2500), COVERAGE[4]);
  assert.equal(coverageColour(2500, 2500), COVERAGE_FULL);
  assert.equal(coverageColour(0, 0), "none");
  assert.equal(coverageColour(null, 10), UNSEEN_FILL);
});

test("a browser that forbids storage forgets, and does not break", () => {
  const forbidden = () => {
    throw new Error("SecurityError");
  };
  assert.equal(remembered(forbidden, "k"), false);
  assert.doesNotThrow(() => remember(forbidden, "k", true));
  const kept = new Map();
  const storage = () => ({ getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) });
  remember(storage, "k", true);
  assert.equal(remembered(storage, "k"), true);
});
