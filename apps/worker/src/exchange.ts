import type { Dispatcher } from 'undici';

/** What came back over the wire. Header names are in lower case. */
export type HttpReply = {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
};

/** No whole reply came. `sent`: at least a part of the request may have reached the other side. */
export class ExchangeError extends Error {
  override readonly name = 'ExchangeError';
  readonly sent: boolean;
  readonly code: string;

  constructor(input: { sent: boolean; code: string; cause?: unknown }) {
    super(`no reply (${input.code})`, { cause: input.cause });
    this.sent = input.sent;
    this.code = input.code;
  }
}

export type HttpRequest = {
  path: string;
  headers: Record<string, string>;
  body: string;
  /** Aborting ends the exchange at once; its reason's `code` or `name` is told in the error. */
  signal: AbortSignal;
  maxReplyBytes: number;
};

/**
 * One POST over an undici pool. Its low-level handler is used because it alone tells whether the request had
 * begun to leave when something went wrong: that decides between "not sent" and "unknown".
 * @throws ExchangeError, and nothing else
 */
export function exchange(pool: Dispatcher, request: HttpRequest): Promise<HttpReply> {
  const { promise, resolve, reject } = Promise.withResolvers<HttpReply>();
  const chunks: Buffer[] = [];
  let bytes = 0;
  let sent = false;
  let status = 0;
  let headers: HttpReply['headers'] = {};
  let controller: Dispatcher.DispatchController | undefined;

  const fail = (code: string, cause: unknown): void => reject(new ExchangeError({ sent, code, cause }));
  const onAbort = (): void => {
    fail(codeOf(request.signal.reason), request.signal.reason);
    controller?.abort(new Error('aborted'));
  };

  pool.dispatch(
    { method: 'POST', path: request.path, headers: request.headers, body: request.body },
    {
      onRequestStart(started) {
        controller = started;
        if (request.signal.aborted) return started.abort(new Error('aborted'));
        sent = true;
      },
      onResponseStart(_controller, statusCode, replyHeaders) {
        status = statusCode;
        headers = replyHeaders;
      },
      onResponseData(_controller, chunk) {
        bytes += chunk.length;
        if (bytes > request.maxReplyBytes) {
          fail('REPLY_TOO_LARGE', undefined);
          return controller?.abort(new Error('reply too large'));
        }
        chunks.push(chunk);
      },
      onResponseEnd() {
        resolve({ status, headers, body: Buffer.concat(chunks).toString('utf8') });
      },
      onResponseError(_controller, error) {
        fail(codeOf(error), error);
      },
    },
  );

  if (request.signal.aborted) onAbort();
  else request.signal.addEventListener('abort', onAbort, { once: true });
  return promise.finally(() => request.signal.removeEventListener('abort', onAbort));
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'ABORTED';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
