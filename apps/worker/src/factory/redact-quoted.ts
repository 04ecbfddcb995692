import type { FactoryRequest } from '@proofbox/contract';
import { knownSecrets, redactText, type KnownSecrets } from '@proofbox/runtime';

/** Any eight characters in a row of our key are a part of it, wherever a factory cut it. */
const leastOfKey = 8;
/** Other fields of a diner than name and e-mail are only known for theirs if they are long: `role` may be `diner`. */
const leastOfField = 6;
const mostFields = 50;

/** A factory may quote what it was sent: our key there, and who the diner is. Neither is kept. */
export function redactQuoted(
  text: string,
  { apiKey, diner }: { apiKey: string; diner: FactoryRequest['diner'] },
): string {
  const ofDiner = knownSecrets({ personal: personalTexts(diner), leastOfKey });
  return redactText(text, { known: [knownKey(apiKey), ofDiner], isForeign: true });
}

/** One for each factory: a key has many encodings, and stays the same. */
const knownKeys = new Map<string, KnownSecrets>();

function knownKey(apiKey: string): KnownSecrets {
  const known = knownKeys.get(apiKey) ?? knownSecrets({ keys: [apiKey], leastOfKey });
  knownKeys.set(apiKey, known);
  return known;
}

/** Whatever an order says about its diner, at any depth; an id that is a number says nothing. */
function personalTexts({ name = '', email = '', ...others }: FactoryRequest['diner']): string[] {
  const texts: string[] = [];
  const left: unknown[] = [others];
  while (left.length > 0 && texts.length < mostFields) {
    const value = left.pop();
    if (typeof value === 'string' && value.length >= leastOfField) texts.push(value);
    else if (typeof value === 'object' && value !== null)
      left.push(...Object.values(value).slice(0, mostFields));
  }
  return [name, email, ...texts];
}
