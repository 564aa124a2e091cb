// What is asked of the forwarder.

export class Problem extends Error {
  constructor(status, code, detail) {
    super(detail);
    this.status = status;
    this.code = code;
  }
}

const patience = 15_000;
export const session = { on: true, signed_in: false, proof: null, actor: null, acting_allowed: false };

async function exchange(path, options) {
  let answer;
  try {
    answer = await fetch(`api/${path}`, { credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(patience), ...options });
  } catch {
    throw new Problem(0, "unreachable", "the forwarder does not answer");
  }
  let body = null;
  try {
    body = await answer.json();
  } catch {
    // An answer of something in between.
  }
  if (!answer.ok || body === null) {
    throw new Problem(answer.status, body?.code ?? "unreadable", body?.detail ?? `the answer has the status ${answer.status} and can not be read`);
  }
  return body;
}

export function ask(path, parameters = {}) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== null && value !== undefined && value !== ""));
  return exchange(query.size ? `${path}?${query}` : path, {});
}

export function send(path, body = {}) {
  return exchange(path, {
    method: "POST", body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", "X-Gateway-Proof": session.proof ?? "none" },
  });
}

const take = (fresh) => Object.assign(session, fresh);
export const learnSession = async () => take(await ask("session"));
export const signIn = async (secret) => take(await send("sign-in", { secret }));
export const signOut = async () => take(await send("sign-out"));
export const allow = async (name, token) => take(await send("allow", { name, token }));
export const lock = async () => take(await send("lock"));
export const act = (command, argumentsOfIt) => send("act", { command, arguments: argumentsOfIt });
