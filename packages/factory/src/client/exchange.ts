import type { Dispatcher } from 'undici';
import type { ReplyHeaders } from './delivery.ts';

/** What came back over the wire, undecoded. `cutOff`: the code of what ended it before its end. */
export type WireReply = { status: number; headers: ReplyHeaders; bytes: Buffer; cutOff?: string };

/** Not even the headers of a reply came. `sent`: at least a part of the request may have reached the other side. */
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

export type WireRequest = Pick<Dispatcher.DispatchOptions, 'method' | 'path' | 'reset'> & {
  headers: Record<string, string>;
  body?: string;
  /** Aborting ends the exchange at once; its reason's `code` or `name` is in the result. */
  signal: AbortSignal;
  /** What of the reply's body goes beyond is not read. */
  maxReplyBytes: number;
};

/** The code of a reply whose body was longer than it may be. */
export const tooLarge = 'REPLY_TOO_LARGE';

/**
 * One HTTP exchange over an undici dispatcher. Its low-level handler is used because it alone shows whether the request
 * had begun to leave when something went wrong: that decides between "not sent" and "unknown".
 * @throws ExchangeError, and nothing else
 */
export function exchange(
  dispatcher: Dispatcher,
  { signal, maxReplyBytes, body = '', ...request }: WireRequest,
): Promise<WireReply> {
  const { promise, resolve, reject } = Promise.withResolvers<WireReply>();
  const chunks: Buffer[] = [];
  let bytesLeft = maxReplyBytes;
  let sent = false;
  let reply: Pick<WireReply, 'status' | 'headers'> | undefined;
  let controller: Dispatcher.DispatchController | undefined;

  function end(cutOff?: string, cause?: unknown): void {
    if (reply) resolve({ ...reply, bytes: Buffer.concat(chunks), ...(cutOff !== undefined && { cutOff }) });
    else reject(new ExchangeError({ sent, code: cutOff ?? 'NO_REPLY', cause }));
  }
  function onAbort(): void {
    end(codeOf(signal.reason), signal.reason);
    controller?.abort(new Error('aborted'));
  }

  dispatcher.dispatch(
    { ...request, body },
    {
      onRequestStart(started) {
        controller = started;
        if (signal.aborted) return started.abort(new Error('aborted'));
        sent = true;
      },
      onResponseStart(_controller, status, headers) {
        reply = { status, headers };
      },
      onResponseData(_controller, chunk) {
        bytesLeft -= chunk.length;
        if (bytesLeft >= 0) return void chunks.push(chunk);
        end(tooLarge);
        controller?.abort(new Error('reply too large'));
      },
      onResponseEnd: () => end(),
      onResponseError: (_controller, error) => end(codeOf(error), error),
    },
  );

  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  return promise.finally(() => signal.removeEventListener('abort', onAbort));
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'ABORTED';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
