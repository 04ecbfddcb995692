import type { IncomingHttpHeaders } from 'node:http';
import { findInexact, notValid } from '@proofbox/contract';
import type { FastifyInstance } from 'fastify';
import { refusal } from './refusal.ts';

const what = 'The body';

/**
 * Makes JSON in UTF-8 the only body that is taken, and only if it can be carried as it was sent: whatever a decoder or a
 * JSON parser would change without a word is refused.
 */
export function takeExactJsonOnly(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser<Buffer>(
    'application/json',
    { parseAs: 'buffer' },
    async (request: { headers: IncomingHttpHeaders }, body: Buffer) => {
      checkEncoding(request.headers);
      return readJson(utf8In(body));
    },
  );
}

/** @throws ProblemError 415 */
function checkEncoding(headers: IncomingHttpHeaders): void {
  if (!isOnly('identity', headers['content-encoding']) || !isOnly('chunked', headers['transfer-encoding'])) {
    throw refusal(415, 'Send the body as it is, without a Content-Encoding.', {
      'Accept-Encoding': 'identity',
    });
  }
  const charsets = (headers['content-type'] ?? '').matchAll(/;\s*charset\s*=\s*"?([^\s;"]*)/gi);
  if (!charsets.every(([, name = '']) => /^utf-?8$/i.test(name))) {
    throw refusal(415, 'Send the body in UTF-8, the encoding of JSON, and name no other as its charset.');
  }
}

/** Whether a list of codings names none but this one. */
function isOnly(coding: string, list: string | undefined = ''): boolean {
  return list.split(',').every((each) => ['', coding].includes(each.trim().toLowerCase()));
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Without a byte order mark. @throws ProblemError 400 */
function utf8In(body: Buffer): string {
  try {
    return utf8.decode(body);
  } catch {
    throw notValid(what, [{ path: '', message: 'its bytes are not UTF-8' }]);
  }
}

/** @throws ProblemError 400 */
function readJson(text: string): unknown {
  if (text === '') throw refusal(400, 'The body is empty: send JSON.');
  const value = parsed(text);
  const inexact = findInexact(text);
  if (inexact) throw notValid(what, [inexact]);
  return value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refusal(400, 'The body is not valid JSON.');
  }
}
