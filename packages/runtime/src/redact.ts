const hidden = '[redacted]';

/** Whole names of fields whose value never leaves the process, compared in lower case. */
const personalFields = new Set([
  'name',
  'firstname',
  'lastname',
  'fullname',
  'dinername',
  'diner',
  'payload',
]);

/** The same for all fields whose name ends so, without regard to case, `-` and `_`: `apiKey`, `x-api-key`, `FACTORY_PRIMARY_API_KEY`. */
const secretField =
  /(?:e?mail|jwt|tokens?|tickets?|receipt|reporturl|authorization|cookie|password|passwd|apikeys?|secrets?)$/;

/**
 * Secrets by their shape, in this order. The bounds keep a long text without blanks from costing the square of its length.
 */
const secretTexts: readonly [RegExp, string][] = [
  [/(\w{1,20}:\/\/)[^\s/"'<>]{1,500}@/g, '$1[redacted]@'],
  [/eyJ[\w-]{8,}(?:\.[\w-]*)*/g, '[jwt]'],
  [/\bticket_[\w-]+/g, '[ticket]'],
  [/\bbearer\s+[^\s"',;]+/gi, 'Bearer [redacted]'],
  [/(?:\w{1,20}:\/\/[^\s"'<>/]{1,300})?\/api\/support\/[^\s"'<>]*/gi, '[end-chaos link]'],
  // In a URL's query, a form or an environment: api_key=…
  [
    /((?:^|[?&;\s])[\w-]{0,40}(?:mail|name|jwt|token|ticket|receipt|password|key|secret)=)[^\s&"'#;]+/gi,
    `$1${hidden}`,
  ],
  // In JSON: "api_key":"…", also where its quotes are escaped.
  [
    /("[\w-]{0,40}(?:mail|name|jwt|token|ticket|receipt|reporturl|password|key|secret)\\{0,3}"\s{0,9}:\s{0,9}\\{0,3}")[^"\\]+/gi,
    `$1${hidden}`,
  ],
  [/[\w.+-]{1,64}(?:@|%40)[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}\.[a-z][\w-]{1,62}/gi, '[e-mail]'],
];

/**
 * A text with e-mails, JWTs, tickets, bearer tokens, end-chaos links, passwords in URLs, and named secrets in queries
 * and JSON taken out.
 */
export function redactText(text: string): string {
  return secretTexts.reduce((clean, [pattern, word]) => clean.replace(pattern, word), text);
}

/** A deep copy fit for a log: secret fields hidden by name, secrets inside texts by shape. Errors keep type, message, stack, code. */
export function redact(value: unknown): unknown {
  return copy(value, []);
}

/** `above`: the objects that this value is in. */
function copy(value: unknown, above: readonly object[]): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (above.includes(value)) return '[circular]';
  if (above.length > 8) return '[too deep]';
  const path = [...above, value];
  if (value instanceof Error) return copyError(value, path);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof URL) return redactText(value.href);
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return '[bytes]';
  if (value instanceof Map) return copyFields(Object.fromEntries(value), path);
  if (value instanceof Set) return copy([...value], above);
  if (Array.isArray(value)) return value.map((each) => copy(each, path));
  return copyFields(value, path);
}

function copyFields(fields: object, path: readonly object[]): object {
  return Object.fromEntries(
    Object.entries(fields).map(([name, inner]) => [name, isSecret(name) ? hidden : copy(inner, path)]),
  );
}

function isSecret(field: string): boolean {
  const plain = field.toLowerCase().replaceAll(/[-_]/g, '');
  return personalFields.has(plain) || secretField.test(plain);
}

/** Only the fields we know: libraries hang whole requests, with their headers and bodies, on their errors. */
function copyError(error: Error, path: readonly object[]): object {
  return {
    type: error.name,
    message: redactText(error.message),
    ...('code' in error && { code: copy(error.code, path) }),
    ...(error.stack !== undefined && { stack: redactText(error.stack) }),
    ...(error.cause !== undefined && { cause: copy(error.cause, path) }),
    ...(error instanceof AggregateError && { errors: copy(error.errors, path) }),
  };
}
