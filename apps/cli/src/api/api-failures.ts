import { problem } from '@proofbox/contract/problem';
import { CommandFailure, exitCodes, type FailureCode } from '../session/command-failure.ts';
import { invocation } from '../session/invocation.ts';
import { printable } from '@proofbox/runtime/printable';

/** What the API refused, as it says itself, and what to do about it where it cannot know. */
export function refused(url: string, status: number, body: string): CommandFailure {
  const said = saidIn(body);
  // What every server of Proofbox says of an address it does not have.
  if (said === undefined || said.startsWith('There is nothing at '))
    return notTheApi(url, `status ${status}`);
  const [exitCode, hint] = followsFrom[status] ?? [exitCodes.failed];
  return new CommandFailure(exitCode, [printable(said), hint].filter(Boolean).join(' '), { status });
}

const followsFrom: Record<number, [FailureCode, string?]> = {
  400: [exitCodes.badUsage],
  401: [exitCodes.notAllowed, 'The command reads the token from PROOFBOX_TOKEN.'],
  403: [
    exitCodes.notAllowed,
    `Ask for a token with that role; \`${invocation} whoami\` says whose token you use.`,
  ],
  429: [exitCodes.notAllowed],
  503: [exitCodes.unreachable],
};

/** Something answers there, and it is not the admin API of this release. */
export function notTheApi(url: string, what: string): CommandFailure {
  const message = `The server at ${url} is not the admin API of this release (${what}). Is PROOFBOX_URL right, and is the server of the same release as the command line?`;
  return new CommandFailure(exitCodes.failed, message);
}

/**
 * What came of a request that has no reply, or only a part of one. A `CommandFailure` stays as it is.
 * @param about.mayBeDone the request would have changed something
 */
export function unreachable(
  error: unknown,
  about: { url: string; timeoutMs: number; mayBeDone: boolean },
): CommandFailure {
  if (error instanceof CommandFailure) return error;
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const { reason, arrived } = reasonOf(cause, about.timeoutMs);
  const advice =
    arrived && about.mayBeDone
      ? 'The admin server may have made the change: check before you repeat the command.'
      : 'Is the admin server running, and is PROOFBOX_URL right?';
  const message = `The admin API at ${about.url} cannot be reached (${reason}). ${advice}`;
  return new CommandFailure(exitCodes.unreachable, message, { cause });
}

/** `arrived`: the request may have reached the API all the same. */
function reasonOf(cause: unknown, timeoutMs: number): { reason: string; arrived: boolean } {
  if (!(cause instanceof Error)) return { reason: String(cause), arrived: true };
  if (cause.name === 'TimeoutError')
    return { reason: `no answer within ${timeoutMs / 1_000} s`, arrived: true };
  const code = 'code' in cause ? String(cause.code) : '';
  const reason = reasons[code];
  if (reason !== undefined) return { reason: reason, arrived: false };
  return { reason: cause.message || code || cause.name, arrived: !isOfTls(code) };
}

const reasons: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the name of the host cannot be looked up',
  EHOSTUNREACH: 'no route to that host',
  ENETUNREACH: 'no route to that host',
  ETIMEDOUT: 'no connection in time',
};

function isOfTls(code: string): boolean {
  return /CERT|TLS|SSL|SELF_SIGNED|VERIFY/.test(code);
}

function saidIn(body: string): string | undefined {
  try {
    return problem.safeParse(JSON.parse(body)).data?.message;
  } catch {
    return undefined;
  }
}
