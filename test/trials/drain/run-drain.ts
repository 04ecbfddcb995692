import { randomUUID } from 'node:crypto';
import { startStack, type StackOptions } from '@proofbox/local';
import { openBooks } from '../../support/backlog.ts';
import { eventually } from '../../support/eventually.ts';
import { createFactoryControl } from '../../support/factory-control.ts';
import { createShopper } from '../../support/shopper.ts';

export type DrainOptions = {
  /** How many orders wait when the factory is back. */
  backlog: number;
  /** What the factory bears, in orders a second; it answers 429 above that. */
  rps: number;
  stack?: StackOptions;
  say?: (line: string) => void;
  /** Ends it before its time. */
  signal?: AbortSignal;
};

export type DrainResult = {
  backlog: number;
  rps: number;
  /** Baked per second, from the first order that was baked after the recovery to the last. */
  rate: number;
  /** `rate` as a part of what the factory bears. */
  ratio: number;
  /** Of all calls since the recovery, the part that was answered with 429. */
  throttledShare: number;
  fulfilled: number;
};

/** Lets a backlog grow while the only factory fails, has it come back with a limit, and measures how the backlog drains. */
export async function runDrain({
  backlog,
  rps,
  stack: options = {},
  say = () => {},
  signal = new AbortController().signal,
}: DrainOptions): Promise<DrainResult> {
  const keyTag = `drain-${randomUUID()}`;
  await using stack = await startStack({ fallback: false, admin: false, keyTag, signal, ...options });
  await using books = openBooks({ redisUrl: stack.urls.redis, keyTag });
  const factory = createFactoryControl(stack.urls.primaryControl);
  const diner = createShopper({ url: stack.urls.ingest, token: await stack.tokenFor({ id: 2 }) });

  say('The factory fails, and orders wait.');
  await factory.misbehave({ kind: 'fail' });
  await Promise.all([diner.order(), diner.order(), diner.order()]);
  await books.fill(backlog, signal);
  const orders = backlog + 3;
  say(`${orders} orders wait. The factory is back, and bears ${rps} orders a second.`);
  const mendedAt = Date.now();
  await factory.misbehave({ kind: 'maxRps', rps });

  const longestMs = (orders / rps) * 3_000 + 60_000;
  let told = 0;
  await eventually(
    async () => {
      signal.throwIfAborted();
      const { fulfilled } = (await books.ledger.stats()).counters;
      if (Date.now() - told > 5_000) {
        told = Date.now();
        say(`${((told - mendedAt) / 1_000).toFixed(0).padStart(4)} s  ${fulfilled} of ${orders} baked`);
      }
      return fulfilled;
    },
    (fulfilled) => fulfilled === orders,
    longestMs,
  );

  const calls = (await factory.requests()).filter((each) => each.at >= mendedAt);
  const baked = calls.filter((each) => each.status === 200);
  const rate = ((baked.length - 1) * 1_000) / (baked.at(-1)!.at - baked[0]!.at);
  const throttledShare = calls.filter((each) => each.status === 429).length / calls.length;
  return { backlog: orders, rps, rate, ratio: rate / rps, throttledShare, fulfilled: orders };
}
