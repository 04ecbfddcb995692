import { redactText, type RedactOptions } from './redact-text.ts';
import { hidden } from './secret-shapes.ts';

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
  /(?:e?mail|jwt|tokens?|tickets?|receipt|reporturl|fixcode|authorization|cookie|password|passwd|apikeys?|secrets?|credentials?)$/;

/**
 * A deep copy fit for a log: secret fields hidden by name, secrets inside texts as `redactText` does it, also in names of
 * fields. Errors keep type, message, stack, code.
 */
export function redact(value: unknown, options: RedactOptions = {}): unknown {
  return copy(value, { clean: (text) => redactText(text, options), above: [] });
}

/** `above`: the objects that a value is in. */
type Copying = { clean: (text: string) => string; above: readonly object[] };

function copy(value: unknown, { clean, above }: Copying): unknown {
  if (typeof value === 'string') return clean(value);
  if (typeof value !== 'object' || value === null) return value;
  if (above.includes(value)) return '[circular]';
  if (above.length > 8) return '[too deep]';
  const within = { clean, above: [...above, value] };
  if (value instanceof Error) return copyError(value, within);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof URL) return clean(value.href);
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return '[bytes]';
  if (value instanceof Map) return copyFields(Object.fromEntries(value), within);
  if (value instanceof Set) return copy([...value], { clean, above });
  if (Array.isArray(value)) return value.map((each) => copy(each, within));
  return copyFields(value, within);
}

function copyFields(fields: object, within: Copying): object {
  return Object.fromEntries(
    Object.entries(fields).map(([name, inner]) => [
      isPlainName(name) ? name : within.clean(name),
      isSecret(name) ? hidden : copy(inner, within),
    ]),
  );
}

/** Most names of fields are: they need not be searched for secrets. */
function isPlainName(name: string): boolean {
  return /^[a-z]{1,20}$/i.test(name);
}

function isSecret(field: string): boolean {
  const plain = field.toLowerCase().replaceAll(/[-_]/g, '');
  return personalFields.has(plain) || secretField.test(plain);
}

/** Only the fields we know: libraries hang whole requests, with their headers and bodies, on their errors. */
function copyError(error: Error, within: Copying): object {
  const { clean } = within;
  return {
    type: error.name,
    message: clean(error.message),
    ...('code' in error && { code: copy(error.code, within) }),
    ...(error.stack !== undefined && { stack: clean(error.stack) }),
    ...(error.cause !== undefined && { cause: copy(error.cause, within) }),
    ...(error instanceof AggregateError && { errors: copy(error.errors, within) }),
  };
}
