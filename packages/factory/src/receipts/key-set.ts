import { fitsAlgorithm, type PublicKey, type ReceiptAlgorithm } from './public-key.ts';

/** `withdrawnAt`: when it was first missing from what the factory publishes, in ms since the epoch. */
export type KnownKey = { key: PublicKey; withdrawnAt?: number | undefined };

/**
 * A receipt says that it holds for 24 hours, and its diner may look at it until then. So long a key that the factory does
 * not publish any more goes on proving receipts. Longer it must not: it may have been withdrawn because it was stolen.
 */
const withdrawnForMs = 24 * 60 * 60 * 1_000;
/** A factory that changes its keys all the time does not fill our memory. */
const mostWithdrawn = 100;
/** So that a receipt costs no more than this, however many keys there are. */
const mostTried = 100;

/** What two processes know together. The oldest stand first. */
export function joinKeys(known: readonly KnownKey[], kept: readonly KnownKey[]): KnownKey[] {
  const joined = new Map(known.map((each) => [identityOf(each.key), each]));
  for (const { key, withdrawnAt = Infinity } of kept) {
    const mine = joined.get(identityOf(key)) ?? { key };
    const earliest = Math.min(withdrawnAt, mine.withdrawnAt ?? Infinity);
    joined.set(identityOf(key), { key: mine.key, ...(earliest < Infinity && { withdrawnAt: earliest }) });
  }
  return [...joined.values()];
}

/** What is known once the factory has published these keys. */
export function mergeKeys(
  known: readonly KnownKey[],
  published: readonly PublicKey[],
  now: number,
): KnownKey[] {
  const current = new Map(published.map((key) => [identityOf(key), key]));
  const stays = known.map(({ key, withdrawnAt = now }) => {
    const isPublished = current.delete(identityOf(key));
    return isPublished ? { key } : { key, withdrawnAt: Math.min(withdrawnAt, now) };
  });
  const withdrawn = stays
    .filter(({ withdrawnAt }) => withdrawnAt !== undefined && now - withdrawnAt < withdrawnForMs)
    .slice(-mostWithdrawn);
  return [
    ...stays.filter((each) => each.withdrawnAt === undefined || withdrawn.includes(each)),
    ...[...current.values()].map((key) => ({ key })),
  ];
}

/**
 * The keys that may have signed a receipt with this header, the likeliest first: those of that name, then those without
 * one; for a receipt that names none, all. Several may share a name, and a name may have gone to another key.
 */
export function keysToTry(
  known: readonly KnownKey[],
  { alg, kid, now }: { alg: ReceiptAlgorithm; kid: string | undefined; now: number },
): PublicKey[] {
  const fitting = known.filter(
    ({ key, withdrawnAt }) =>
      fitsAlgorithm(key, alg) && (withdrawnAt === undefined || now - withdrawnAt < withdrawnForMs),
  );
  const named = fitting.filter(({ key }) => key.kid === kid);
  const nameless = fitting.filter(({ key }) => key.kid === undefined && kid !== undefined);
  const likely = kid === undefined ? fitting : [...named, ...nameless];
  return [
    ...likely.filter(({ withdrawnAt }) => withdrawnAt === undefined),
    ...likely.filter(({ withdrawnAt }) => withdrawnAt !== undefined),
  ]
    .slice(0, mostTried)
    .map(({ key }) => key);
}

function identityOf({ kty, kid, alg, crv, n, e, x, y }: PublicKey): string {
  return JSON.stringify([kty, kid, alg, crv, n, e, x, y]);
}
