// Questions to our own server. A failure is a Failure: its kind says whether to mend the query, log in, or wait.

export class Failure extends Error {
  /** kind: "query", "missing", "login" or "away". */
  constructor(kind, message, hint) {
    super(message);
    this.kind = kind;
    this.hint = hint;
  }
}

const KINDS = { 400: "query", 404: "missing", 401: "login", 403: "login" };

/** The answer to a question; `signal` gives it up. */
export async function ask(question, parameters = "", { signal } = {}) {
  return send(`/api/${question}?${parameters}`, { signal });
}

/** Log in by the token. */
export async function login(token) {
  return send("/api/login", { method: "POST", body: token, headers: { "Content-Type": "text/plain" } });
}

async function send(address, options) {
  let response;
  try {
    response = await fetch(address, { credentials: "same-origin", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Failure("away", "This page’s server does not answer.");
  }
  let answer = null;
  try {
    answer = await response.json();
  } catch (error) {
    if (error.name === "AbortError") throw error;
  }
  if (response.ok && answer !== null) return answer;
  const told = answer?.error ?? {};
  const kind = KINDS[response.status] ?? (response.status === 414 || response.status === 431 ? "query" : "away");
  throw new Failure(kind, told.message ?? `The server answered ${response.status}.`, told.hint);
}
