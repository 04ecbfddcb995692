import { isIPv6 } from 'node:net';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** How many tokens that let nobody in are answered, from one address and from everywhere. */
const mostFailures = { perAddress: 10, overall: 500, withinSeconds: 300 };

export type FailedTries = {
  /** Seconds until this address may try again; undefined: it may. */
  lockedFor(address: string): Promise<number | undefined>;
  /**
   * Counts one more failure. @returns seconds until the next try is worth while, when there were too many; undefined
   * when there were not
   */
  count(address: string): Promise<number | undefined>;
};

/**
 * Keeps guessing slow. An address with too many failures is not listened to for a while. Too many from everywhere
 * together only keep this quiet: nobody who has a right token is kept out by others. So no more addresses are
 * remembered than failures are counted.
 */
export function createFailedTries(limits = mostFailures): FailedTries {
  const ofAddress = new RateLimiterMemory({ points: limits.perAddress, duration: limits.withinSeconds });
  const overall = new RateLimiterMemory({ points: limits.overall, duration: limits.withinSeconds });

  return {
    async lockedFor(address) {
      const tries = await ofAddress.get(networkOf(address));
      return tries !== null && tries.consumedPoints >= limits.perAddress ? secondsLeft(tries) : undefined;
    },
    async count(address) {
      return (await spend(overall, 'all')) ?? spend(ofAddress, networkOf(address));
    },
  };
}

async function spend(limiter: RateLimiterMemory, key: string): Promise<number | undefined> {
  try {
    await limiter.consume(key);
    return undefined;
  } catch (refused) {
    if (refused instanceof RateLimiterRes) return secondsLeft(refused);
    throw refused;
  }
}

function secondsLeft({ msBeforeNext }: RateLimiterRes): number {
  return Math.max(1, Math.ceil(msBeforeNext / 1_000));
}

/** Whoever has one address of IPv6 has a whole network of them: its first 64 bits. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address;
  const [head, tail] = address.split('::') as [string, string?];
  const before = head.split(':').filter(Boolean);
  const after = (tail ?? '').split(':').filter(Boolean);
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...zeros, ...after].slice(0, 4).join(':');
}
