import assert from "node:assert/strict";
import test from "node:test";
import { csrfToken, HttpError, request, requestOptions } from "../../common/static/common/js/http.js";

test("the token comes from its own cookie, or from the page", () => {
  assert.equal(csrfToken("a=1; csrftoken=x%3Dy; b=2"), "x=y");
  assert.equal(csrfToken("notcsrftoken=1", "page"), "page");
});

test("only writes carry the token, and only plain objects become JSON", () => {
  assert.equal(requestOptions({ token: "t" }).headers["X-CSRFToken"], undefined);
  const json = requestOptions({ method: "POST", body: { a: 1 }, token: "t" });
  assert.equal(json.headers["X-CSRFToken"], "t");
  assert.equal(json.body, '{"a":1}');
  const form = new FormData();
  const sent = requestOptions({ method: "POST", body: form, token: "t" });
  assert.equal(sent.body, form);
  assert.equal(sent.headers["Content-Type"], undefined);
});

test("a refusal brings the server's words, a dead line brings status 0", async (t) => {
  t.after(() => {
    delete globalThis.document;
  });
  globalThis.document = { querySelector: () => null, cookie: "" };
  const answer = { code: "surveys.photo_too_far", message: "Too far." };
  const refuse = async () => new Response(JSON.stringify(answer), { status: 422, headers: { "Content-Type": "application/json" } });
  t.mock.method(globalThis, "fetch", refuse);
  await assert.rejects(request("/x"), (error) => {
    assert.ok(error instanceof HttpError);
    assert.deepEqual([error.status, error.code, error.message], [422, answer.code, "Too far."]);
    return true;
  });
  globalThis.fetch.mock.mockImplementation(async () => {
    throw new TypeError("fetch failed");
  });
  await assert.rejects(request("/x"), { name: "HttpError", status: 0, code: "no_connection" });
});
