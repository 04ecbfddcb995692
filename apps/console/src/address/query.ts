import { wellFormed } from '@proofbox/contract';

type Value = string | number | readonly string[] | undefined;

/** `{state: ['dead', 'held'], text: ''}` becomes `?state=dead,held`: lists with commas, and without what is empty. */
export function toQuery(values: Record<string, Value>): string {
  const pairs = Object.entries(values).flatMap(([name, value]) => {
    const text = Array.isArray(value) ? value.join(',') : String(value ?? '');
    // A comma may stand in a query as it is, and reads better.
    return text === '' ? [] : [`${name}=${encodeURIComponent(text).replaceAll('%2C', ',')}`];
  });
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

/** The values of a list in a query, without those that are none of `known`; undefined where none is left. */
export function listIn<T extends string>(text: string | null, known: readonly T[]): T[] | undefined {
  const asked = (text ?? '').split(',');
  const found = known.filter((each) => asked.includes(each));
  return found.length === 0 ? undefined : found;
}

/** A text in a query, trimmed; undefined where there is none. */
export function textIn(text: string | null, mostCharacters = 200): string | undefined {
  const trimmed = wellFormed((text ?? '').trim(), mostCharacters);
  return trimmed === '' ? undefined : trimmed;
}

/** A moment in a query as ISO 8601; undefined where it is none. */
export function momentIn(text: string | null): string | undefined {
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}
