import type { z } from 'zod';
import { notTheApi, refused, unreachable } from './api-failures.ts';
import { sendRequest } from './send-request.ts';

export type ApiQuery = Record<string, string | number | readonly string[] | undefined>;

/**
 * The admin API, for commands. Whatever it refuses, or cannot be reached for, is a CommandFailure that says what to do;
 * none of them reveals the token.
 */
export type ApiClient = {
  get<S extends z.ZodType>(path: string, reply: S, query?: ApiQuery): Promise<z.output<S>>;
  post<S extends z.ZodType>(path: string, reply: S, body: object): Promise<z.output<S>>;
  /** A reply that may be larger than the memory, piece by piece. */
  stream(path: string, query?: ApiQuery): AsyncGenerator<string>;
};

/** A person waits for it; a preview of many dead letters takes seconds. */
const answerWithinMs = 15_000;

/** @param input.timeoutMs for a whole reply, or for each piece of a stream */
export function createApiClient(input: { url: string; token: string; timeoutMs?: number }): ApiClient {
  const { url, token, timeoutMs = answerWithinMs } = input;

  /** The reply as it comes. */
  async function* ask(
    method: 'GET' | 'POST',
    path: string,
    { body, isStream }: { body?: object | undefined; isStream: boolean },
  ): AsyncGenerator<string> {
    const silence = new AbortController();
    const timer = setTimeout(() => silence.abort(new DOMException('', 'TimeoutError')), timeoutMs);
    try {
      // A redirect is not followed: the token must not be sent to another address.
      const reply = await sendRequest(`${url}${path}`, {
        method,
        headers: {
          Authorization: `Bearer ${token}`,
          Accept: 'application/json',
          ...(body && { 'Content-Type': 'application/json' }),
        },
        body: body && JSON.stringify(body),
        signal: silence.signal,
      });
      const status = reply.statusCode!;
      if (status < 200 || status > 299) throw refused(url, status, await wholeText(reply));
      for await (const piece of reply as AsyncIterable<string>) {
        if (isStream) timer.refresh();
        yield piece;
      }
    } catch (error) {
      const cause: unknown = silence.signal.aborted ? silence.signal.reason : error;
      throw unreachable(cause, { url, timeoutMs, mayBeDone: method === 'POST' });
    } finally {
      clearTimeout(timer);
    }
  }

  async function askOnce<S extends z.ZodType>(
    method: 'GET' | 'POST',
    path: string,
    schema: S,
    body?: object,
  ): Promise<z.output<S>> {
    const parsed = schema.safeParse(jsonOf(await wholeText(ask(method, path, { body, isStream: false }))));
    if (parsed.success) return parsed.data;
    throw notTheApi(url, `${method} ${path.replace(/\?.*/, '')}`);
  }

  return {
    get: (path, reply, query) => askOnce('GET', withQuery(path, query), reply),
    post: (path, reply, body) => askOnce('POST', path, reply, body),
    stream: (path, query) => ask('GET', withQuery(path, query), { isStream: true }),
  };
}

async function wholeText(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

function withQuery(path: string, query: ApiQuery = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, typeof value === 'object' ? value.join(',') : String(value)]],
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
