import { createHash, randomBytes } from 'node:crypto';

/**
 * The order id that belongs to an idempotency key. It is derived, not drawn, so that the same submission is the same
 * order whichever process takes it, and whether or not Redis can be asked.
 * @param scope whose key it is: keys of different diners or services never meet
 */
export function orderIdFor(scope: string, key: string): string {
  return readable(
    createHash('sha256')
      .update(JSON.stringify([scope, key]))
      .digest(),
  );
}

/** An order id for a submission without an idempotency key. */
export function newOrderId(): string {
  return readable(randomBytes(bytesUsed));
}

/** A hash of what was ordered: the same content in another order of fields is the same. */
export function fingerprintOf(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('base64url');
}

const bytesUsed = 15;
/** Crockford's alphabet: no letter that a diner on the phone could mistake for a digit. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** 120 bits as 24 letters and digits behind a prefix, so that an id is never all digits, which BullMQ refuses. */
function readable(bytes: Buffer): string {
  const bits = BigInt(`0x${bytes.subarray(0, bytesUsed).toString('hex')}`);
  const letters = Array.from(
    { length: 24 },
    (_, i) => alphabet[Number((bits >> BigInt(5 * (23 - i))) & 31n)],
  );
  return `pb-${letters.join('')}`;
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, inner]) => `${JSON.stringify(name)}:${canonical(inner)}`).join(',')}}`;
}
