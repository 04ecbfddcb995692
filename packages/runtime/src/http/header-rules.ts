import type { IncomingMessage } from 'node:http';
import { wellFormed } from '@proofbox/contract';
import { refusal } from './refusal.ts';

/** Bytes of all headers together with the request line; Node refuses more. */
export const maxHeaderBytes = 16 * 1024;
const mostHeaders = 100;
const largestHeader = 8 * 1024;

/** Which of two counts would be a guess, and a proxy on the way may guess otherwise. */
const onlyOnce = new Set(['authorization', 'content-encoding', 'content-type', 'idempotency-key']);

/** @throws ProblemError 400, 431 */
export function checkHeaders({ rawHeaders }: IncomingMessage): void {
  if (rawHeaders.length > 2 * mostHeaders) {
    throw refusal(431, `There are too many headers: at most ${mostHeaders} are taken.`);
  }
  const seen = new Set<string>();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!.toLowerCase();
    if (name.length + rawHeaders[at + 1]!.length > largestHeader) {
      throw refusal(431, `The header ${wellFormed(name, 100)} is too large: at most 8 KiB are taken.`);
    }
    if (!onlyOnce.has(name)) continue;
    if (seen.has(name)) throw refusal(400, `The header ${name} came more than once: send it once.`);
    seen.add(name);
  }
}

/** @throws ProblemError 400 for a query whose text would be another one once it is read */
export function checkQuery(url: string): void {
  const at = url.indexOf('?');
  if (at === -1) return;
  const query = url.slice(at + 1);
  if (/[^!-~]/.test(query) || decoded(query)?.includes('\0') !== false) {
    throw refusal(400, 'The query is not valid: it must be UTF-8 in escapes such as %20, and without NUL.');
  }
}

/** @returns undefined where it is no UTF-8 */
function decoded(query: string): string | undefined {
  try {
    return decodeURIComponent(query);
  } catch {
    return undefined;
  }
}
