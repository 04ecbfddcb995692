import { isIPv6 } from 'node:net';
import { createTally } from './tally.ts';

/** How many tokens that let nobody in are answered: from one address, and from everywhere; and how many addresses are remembered. */
const mostFailures = { perAddress: 10, overall: 500, withinSeconds: 300, addresses: 10_000 };

export type FailedTries = {
  /** Seconds until this address may try again; undefined: it may. */
  lockedFor(address: string): number | undefined;
  /**
   * Counts one more failure. @returns seconds until the next try is worth while, when there were too many; undefined
   * when there were not
   */
  count(address: string): number | undefined;
};

/**
 * Keeps guessing slow. An address with too many failures is not listened to for a while. With more addresses than are
 * remembered, the new ones are counted by their networks, which are remembered as many. Too many from everywhere together
 * only keep this quiet: nobody who has a right token is kept out by others.
 */
export function createFailedTries(limits: Partial<typeof mostFailures> = {}): FailedTries {
  const { perAddress, overall, withinSeconds, addresses } = { ...mostFailures, ...limits };
  const windowMs = withinSeconds * 1_000;
  const now = (): number => performance.now();
  const ofAddress = createTally({ size: addresses, windowMs, now });
  const ofNetwork = createTally({ size: addresses, windowMs, now });
  const ofAll = createTally({ size: 1, windowMs, now });

  return {
    lockedFor(address) {
      const known = ofAddress.get(clientOf(address)) ?? ofNetwork.get(networkOf(address));
      return known && known.count >= perAddress ? secondsFor(known.leftMs) : undefined;
    },
    count(address) {
      const known = ofAddress.add(clientOf(address)) ?? ofNetwork.add(networkOf(address));
      const all = ofAll.add('all')!;
      if (all.count > overall) return secondsFor(all.leftMs);
      return known && known.count > perAddress ? secondsFor(known.leftMs) : undefined;
    },
  };
}

function secondsFor(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1_000));
}

/** A client that has one address of IPv6 has a whole network of them: its first 64 bits. */
function clientOf(address: string): string {
  return groupsOf(address)?.slice(0, 4).join(':') ?? plain(address);
}

/** The first 24 bits of IPv4, 48 of IPv6: mostly one customer, at most a small provider. */
function networkOf(address: string): string {
  return groupsOf(address)?.slice(0, 3).join(':') ?? plain(address).replace(/\.\d+$/, '');
}

/** An address of IPv4 that came over IPv6 is one of IPv4. */
function plain(address: string): string {
  return address.replace(/^::ffff:/i, '');
}

/** The eight groups of an address of IPv6. */
function groupsOf(address: string): string[] | undefined {
  if (!isIPv6(address) || plain(address) !== address) return undefined;
  const [head, tail] = address.split('::') as [string, string?];
  const before = head.split(':').filter(Boolean);
  const after = (tail ?? '').split(':').filter(Boolean);
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...zeros, ...after];
}
