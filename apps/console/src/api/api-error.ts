import type { Problem } from '@proofbox/contract';

/** The admin server did not do what it was asked for. `message` is for a person. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** 0: there was no answer. */
  readonly status: number;
  /** Which fields of what was sent are wrong. */
  readonly fields: NonNullable<Problem['errors']>;

  constructor(input: { status: number; message: string; fields?: Problem['errors']; cause?: unknown }) {
    super(input.message, { cause: input.cause });
    this.status = input.status;
    this.fields = input.fields ?? [];
  }
}

/** Nobody is signed in, or not any more. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}

/** Asking again may help: there was no answer, or the server or its Redis is in trouble. */
export function mayPass(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status >= 502);
}
