/** Talk to this site only: the CSRF token goes along, errors come back as words. */

/** What the server refused or could not be asked; ``status`` 0 means no connection. */
export class HttpError extends Error {
  constructor(message, { status, code = "", fields = {} }) {
    super(message);
    this.name = "HttpError";
    this.status = status;
    this.code = code;
    this.fields = fields;
  }
}

/** Read the token from a cookie line, or from the page when the cookie is kept from scripts. */
export function csrfToken(cookies, fromPage = "") {
  const found = cookies.split("; ").find((pair) => pair.startsWith("csrftoken="));
  return found ? decodeURIComponent(found.slice("csrftoken=".length)) : fromPage;
}

function pageToken() {
  const meta = document.querySelector('meta[name="csrf-token"]');
  return csrfToken(document.cookie, meta ? meta.content : "");
}

/** Build the options of ``fetch``: an object becomes JSON, FormData stays as it is. */
export function requestOptions({ method = "GET", body, token = "" }) {
  const headers = { Accept: "application/json" };
  const options = { method, headers, credentials: "same-origin" };
  if (!["GET", "HEAD"].includes(method)) headers["X-CSRFToken"] = token;
  if (body === undefined) return options;
  const isPlain = Object.getPrototypeOf(body) === Object.prototype || Array.isArray(body);
  if (isPlain) headers["Content-Type"] = "application/json";
  return { ...options, body: isPlain ? JSON.stringify(body) : body };
}

/** Send and return the parsed JSON, or null for an empty answer. Throws HttpError. */
export async function request(url, { method = "GET", body, signal } = {}) {
  let response;
  try {
    response = await fetch(url, { ...requestOptions({ method, body, token: pageToken() }), signal });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new HttpError(error.message, { status: 0, code: "no_connection" });
  }
  const isJson = (response.headers.get("Content-Type") || "").includes("json");
  const answer = isJson ? await response.json() : null;
  if (response.ok) return answer;
  throw new HttpError(answer?.message || response.statusText, {
    status: response.status,
    code: answer?.code,
    fields: answer?.fields,
  });
}

export const getJson = (url, options = {}) => request(url, options);
export const post = (url, body, options = {}) => request(url, { ...options, method: "POST", body });
