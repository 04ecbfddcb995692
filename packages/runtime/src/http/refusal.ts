import { ProblemError } from '@proofbox/contract';

/** Not imported: that would load the HTTP client of Node that is behind `fetch`, too, and cost every start 50 ms. */
const { STATUS_CODES } = process.getBuiltinModule('node:http');

/** What a reply says of an error: a refusal as it is, anything else without a word about our insides. */
export function toRefusal(error: unknown, bodyLimit: number): ProblemError {
  if (error instanceof ProblemError) return error;
  const { code, statusCode } = (error ?? {}) as { code?: string; statusCode?: number };
  const known = code === undefined ? undefined : knownDetails(bodyLimit)[code];
  if (known) return refusal(known.status, known.detail);
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return refusal(
      statusCode,
      'The request is not valid HTTP for this endpoint: check method, path and body.',
    );
  }
  return refusal(
    500,
    'Something went wrong on our side. Try again; nothing was taken if you did not get an order id.',
  );
}

/** As RFC 9110 has them; Node has an older name for one of them. */
const titles: Record<number, string | undefined> = { ...STATUS_CODES, 422: 'Unprocessable Content' };

/** A refusal whose title is the plain meaning of its status. */
export function refusal(status: number, detail: string, headers: Record<string, string> = {}): ProblemError {
  return new ProblemError({ status, title: titles[status] ?? 'Refused', detail, headers });
}

function knownDetails(bodyLimit: number): Record<string, { status: number; detail: string }> {
  return {
    FST_ERR_CTP_BODY_TOO_LARGE: {
      status: 413,
      detail: `The body is too large: at most ${Math.floor(bodyLimit / 1024)} KiB are taken.`,
    },
    FST_ERR_CTP_INVALID_MEDIA_TYPE: {
      status: 415,
      detail: 'Send JSON with Content-Type: application/json.',
    },
    FST_ERR_BAD_URL: {
      status: 400,
      detail: 'The path is not valid: a % in it must begin an escape such as %20.',
    },
    FST_ERR_MAX_PARAM_LENGTH: { status: 414, detail: 'The path is too long.' },
  };
}
