const hidden = '[redacted]';

/** Fields whose value never leaves the process, wherever they stand in a logged object. Compared in lower case. */
const secretFields = new Set([
  'name',
  'email',
  'diner',
  'jwt',
  'token',
  'ticket',
  'receipt',
  'reporturl',
  'authorization',
  'cookie',
  'set-cookie',
  'password',
  'apikey',
  'api_key',
  'secret',
]);

const secretTexts: readonly [RegExp, string][] = [
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '[jwt]'],
  [/\bticket_[\w-]+/g, '[ticket]'],
  [/\bbearer\s+[^\s"',;]+/gi, 'Bearer [redacted]'],
  [/[^\s"'<>]*\/api\/support\/[^\s"'<>]*/gi, '[end-chaos link]'],
  [/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, '[e-mail]'],
  [/(\w+:\/\/)[^\s/@]+@/g, '$1[redacted]@'],
];

/** A text with e-mails, JWTs, tickets, bearer tokens, end-chaos links and passwords in URLs taken out. */
export function redactText(text: string): string {
  return secretTexts.reduce((clean, [pattern, word]) => clean.replace(pattern, word), text);
}

/** A deep copy fit for a log: secret fields hidden by name, secrets inside texts by shape. Errors keep type, message, stack, code. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > 8) return '[too deep]';
  if (value instanceof Error) return redactError(value, depth);
  if (Array.isArray(value)) return value.map((each) => redact(each, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([field, inner]) => [
      field,
      secretFields.has(field.toLowerCase()) ? hidden : redact(inner, depth + 1),
    ]),
  );
}

/** Only the fields we know: libraries hang whole requests, with their headers and bodies, on their errors. */
function redactError(error: Error, depth: number): object {
  return {
    type: error.name,
    message: redactText(error.message),
    ...('code' in error && { code: error.code }),
    ...(error.stack && { stack: redactText(error.stack) }),
    ...(error.cause !== undefined && { cause: redact(error.cause, depth + 1) }),
  };
}
