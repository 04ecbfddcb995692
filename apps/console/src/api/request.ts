import { problem } from '@proofbox/contract';
import type { z } from 'zod';
import { ApiError } from './api-error.ts';

type Request<S> = {
  schema: S;
  path: string;
  method?: 'GET' | 'POST' | 'DELETE';
  /** A POST without one sends `{}`: the server takes nothing else from a browser. */
  body?: unknown;
  signal?: AbortSignal;
};

/** Longer than the server takes to say that Redis does not answer. */
const patienceMs = 20_000;

/**
 * One call of the admin API, its reply parsed.
 * @throws ApiError with a text for a person
 */
export async function request<S extends z.ZodType>(input: Request<S>): Promise<z.output<S>> {
  const reply = await send(input);
  const content = reply.status === 204 ? undefined : await contentOf(reply);
  if (!reply.ok) throw toApiError(reply.status, content);
  const parsed = input.schema.safeParse(content);
  if (parsed.success) return parsed.data;
  throw new ApiError({
    status: reply.status,
    message:
      'The admin server sent something that this page does not understand. The server may have another version: reload the page.',
    cause: parsed.error,
  });
}

async function send({ path, method = 'GET', body, signal }: Request<unknown>): Promise<Response> {
  const patience = AbortSignal.timeout(patienceMs);
  try {
    return await fetch(`/api${path}`, {
      method,
      headers: {
        accept: 'application/json',
        ...(method === 'POST' && { 'content-type': 'application/json' }),
      },
      ...(method === 'POST' && { body: JSON.stringify(body ?? {}) }),
      signal: signal ? AbortSignal.any([signal, patience]) : patience,
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    const message = 'The admin server does not answer. Is it running, and can this computer reach it?';
    throw new ApiError({ status: 0, message, cause });
  }
}

async function contentOf(reply: Response): Promise<unknown> {
  try {
    return await reply.json();
  } catch {
    return undefined;
  }
}

function toApiError(status: number, content: unknown): ApiError {
  const parsed = problem.safeParse(content);
  if (parsed.success)
    return new ApiError({ status, message: parsed.data.message, fields: parsed.data.errors });
  return new ApiError({ status, message: `The admin server answered with status ${status} and no reason.` });
}
