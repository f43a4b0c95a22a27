// Asking the server. A definite answer comes back; everything else says whether to try again.
const PATIENCE_MS = 8_000;
const TOO_LONG_MS = 30_000;
// What no repetition will change: malformed, contradicting itself, too large, nothing of ours.
const NEVER = new Set([400, 409, 413, 422]);

// There was no answer, or none that decides anything: the same will be asked again.
export class Offline extends Error {}
// Somebody has to sign in first; what waits, waits.
export class SignedOut extends Error {}
// The server will never take this.
export class NotTaken extends Error {
  constructor(status, answer) { super(`status ${status}`); this.status = status; this.answer = answer; }
}

let token = null;
export const useToken = (csrf) => { token = csrf; };

async function send(path, options, patience) {
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), patience);
  try {
    const answer = await fetch(`/staff/api/${path}`, {
      cache: "no-store", credentials: "same-origin", redirect: "error", signal: giveUp.signal, ...options,
    });
    return { status: answer.status, body: await bodyOf(answer) };
  } catch (problem) {
    throw new Offline(problem.message);
  } finally {
    clearTimeout(timer);
  }
}

async function bodyOf(answer) {
  if (!(answer.headers.get("Content-Type") ?? "").includes("json")) return null;
  return answer.json();
}

function decided({ status, body }) {
  if (status === 200 && body) return body;
  // A device that was locked out may be let in again: what waits is not thrown away.
  if (status === 401 || status === 403 || body?.error === "csrf") throw new SignedOut();
  // No JSON where JSON was due: a hotel's login page, a proxy; not our server.
  if (!NEVER.has(status) || !body) throw new Offline(`status ${status}`);
  throw new NotTaken(status, body);
}

export async function get(path) {
  return decided(await send(path, { headers: { Accept: "application/json" } }, PATIENCE_MS));
}

// Who is signed in, and what the page needs to know; its token guards whatever is posted.
export async function session() {
  const answer = await get("session");
  useToken(answer.csrf);
  return answer;
}

export async function post(path, body, patience = PATIENCE_MS) {
  if (token === null) await session();
  let answer = await once(path, body, patience);
  // A token ends with its session, or by its age: the next one is asked for once.
  if (answer.status === 400 && answer.body?.error === "csrf") {
    await session();
    answer = await once(path, body, patience);
  }
  return decided(answer);
}

export const postPatiently = (path, body) => post(path, body, TOO_LONG_MS);

const once = (path, body, patience) => send(path, {
  method: "POST",
  headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
  body: JSON.stringify(body),
}, patience);
