import { expect, test } from 'vitest';
import { joinKeys, keysToTry, mergeKeys, type KnownKey } from './key-set.ts';
import type { PublicKey } from './public-key.ts';

const now = 1_800_000_000_000;
const day = 24 * 60 * 60_000;

function aKey(kid: string | undefined, more: Partial<PublicKey> = {}): PublicKey {
  return { kty: 'RSA', n: `of ${kid}`, e: 'AQAB', ...(kid !== undefined && { kid }), ...more };
}

function namesTried(known: KnownKey[], kid: string | undefined): (string | undefined)[] {
  return keysToTry(known, { alg: 'RS256', kid, now }).map((key) => key.kid);
}

test('of ten thousand keys that fit a hundred are tried', () => {
  const known = Array.from({ length: 10_000 }, (_, n) => ({ key: aKey(undefined, { n: `${n}` }) }));
  expect(namesTried(known, 'a')).toHaveLength(100);
});

test('a factory that changes its keys all the time is remembered for a hundred of those it has withdrawn', () => {
  let known: KnownKey[] = [];
  for (let n = 0; n < 1_000; n += 1) known = mergeKeys(known, [aKey(`${n}`)], now + n);
  expect(known).toHaveLength(101);
  expect(known.at(-1)).toEqual({ key: aKey('999') });
  expect(known.at(-2)).toEqual({ key: aKey('998'), withdrawnAt: now + 999 });
});

test('those of that name are tried first, then those without one, and those that are withdrawn last', () => {
  const known = [
    { key: aKey('a', { n: 'old' }), withdrawnAt: now - 1 },
    { key: aKey(undefined) },
    { key: aKey('b') },
    { key: aKey('a') },
  ];
  expect(namesTried(known, 'a')).toEqual(['a', undefined, 'a']);
  expect(namesTried(known, undefined)).toEqual([undefined, 'b', 'a', 'a']);
  expect(namesTried(known, 'c')).toEqual([undefined]);
});

test('a key for another algorithm is not tried', () => {
  const known = [
    { key: aKey('a', { alg: 'PS256' }) },
    { key: aKey('a', { kty: 'EC', crv: 'P-256' }) },
    { key: aKey('a', { alg: 'RS256' }) },
  ];
  expect(keysToTry(known, { alg: 'RS256', kid: 'a', now })).toEqual([known[2]!.key]);
  expect(keysToTry(known, { alg: 'ES256', kid: 'a', now })).toEqual([known[1]!.key]);
  expect(keysToTry(known, { alg: 'ES384', kid: 'a', now })).toEqual([]);
});

test('a key that is not published any more keeps its first moment, and none that lies ahead', () => {
  const [a, b, c] = [aKey('a'), aKey('b'), aKey('c')];
  const known = [{ key: a }, { key: b, withdrawnAt: now - 5 }, { key: c, withdrawnAt: now + 9 * day }];
  expect(mergeKeys(known, [], now)).toEqual([
    { key: a, withdrawnAt: now },
    { key: b, withdrawnAt: now - 5 },
    { key: c, withdrawnAt: now },
  ]);
  expect(mergeKeys(known, [b], now + day)).toContainEqual({ key: b });
  expect(mergeKeys(known, [a], now + day)).toEqual([{ key: a }, { key: c, withdrawnAt: now + day }]);
});

test('what two processes know is put together, and a key was withdrawn when the first of them noticed', () => {
  const [a, b, c] = [aKey('a'), aKey('b'), aKey('c')];
  expect(
    joinKeys(
      [{ key: a }, { key: b, withdrawnAt: now }],
      [{ key: c }, { key: a, withdrawnAt: now - 1 }, { key: b, withdrawnAt: now + 1 }],
    ),
  ).toEqual([{ key: a, withdrawnAt: now - 1 }, { key: b, withdrawnAt: now }, { key: c }]);
});
