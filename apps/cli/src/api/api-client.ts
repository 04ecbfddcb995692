import type { z } from 'zod';
import { notTheApi, refused, unreachable } from './api-failures.ts';

export type ApiQuery = Record<string, string | number | readonly string[] | undefined>;

/**
 * The admin API, for commands. Whatever it refuses, or cannot be reached for, is a CommandFailure that says what to do;
 * none of them tells the token.
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

  /** Runs `read` on the reply; nothing of it may take longer than the time-out. */
  async function* ask<T>(
    method: 'GET' | 'POST',
    path: string,
    body: object | undefined,
    read: (reply: Response) => AsyncIterable<T>,
  ): AsyncGenerator<T> {
    const silence = new AbortController();
    const timer = setTimeout(() => silence.abort(new DOMException('', 'TimeoutError')), timeoutMs);
    try {
      const reply = await fetch(`${url}${path}`, {
        method,
        // An address of somebody else must not get to see the token.
        redirect: 'manual',
        signal: silence.signal,
        headers: {
          Authorization: `Bearer ${token}`,
          Accept: 'application/json',
          ...(body && { 'Content-Type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
      });
      if (!reply.ok) throw refused(url, reply.status, await reply.text());
      for await (const piece of read(reply)) {
        timer.refresh();
        yield piece;
      }
    } catch (error) {
      throw unreachable(error, { url, timeoutMs, mayBeDone: method === 'POST' });
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
    let text = '';
    for await (const whole of ask(method, path, body, wholeText)) text = whole;
    const parsed = schema.safeParse(jsonOf(text));
    if (parsed.success) return parsed.data;
    throw notTheApi(url, `${method} ${path.replace(/\?.*/, '')}`);
  }

  return {
    get: (path, reply, query) => askOnce('GET', withQuery(path, query), reply),
    post: (path, reply, body) => askOnce('POST', path, reply, body),
    stream: (path, query) => ask('GET', withQuery(path, query), undefined, pieces),
  };
}

async function* wholeText(reply: Response): AsyncGenerator<string> {
  yield await reply.text();
}

async function* pieces(reply: Response): AsyncGenerator<string> {
  if (reply.body) yield* reply.body.pipeThrough(new TextDecoderStream());
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
