import { startStack, type StackOptions } from '@proofbox/local';
import { readMetrics } from '../../support/metrics.ts';
import { anOrder, createShopper, type Shopper } from '../../support/shopper.ts';

export type OutboxCostOptions = {
  rounds: number;
  /** Each ingest gets so many in each round, `lanes` at a time. */
  orders: number;
  lanes: number;
  stack?: StackOptions;
  say?: (line: string) => void;
};

/** Of the ingest with second copies, as a part of the one without: the middle one of all rounds, and the quarters around it. */
export type Spread = { median: number; lowerQuarter: number; upperQuarter: number };

export type OutboxCost = {
  rounds: number;
  /** Orders a second. */
  rate: Spread;
  /** CPU time of the process for an order. */
  cpu: Spread;
  /** The 99th percentile of the time until the reply. */
  slowest: Spread;
  /** The same without, to see how large these are: the middle of all rounds. */
  without: { rate: number; cpuMsPerOrder: number; slowestMs: number };
  /** Orders that the one ingest has written down, and the other has not. */
  kept: number;
};

type Turn = { rate: number; cpuMsPerOrder: number; slowestMs: number };

/**
 * Has two ingests take orders in turns, one with second copies and one without, on one Redis and in one run, so that what
 * else the machine does meets both alike. Nothing is baked meanwhile.
 */
export async function runOutboxCost({
  rounds,
  orders,
  lanes,
  stack: options = {},
  say = () => {},
}: OutboxCostOptions): Promise<OutboxCost> {
  await using stack = await startStack({
    ingests: 2,
    workers: 0,
    fallback: false,
    admin: false,
    timings: { waitMs: 0 },
    env: {
      all: { LOG_LEVEL: 'warn' },
      ingest: { DOUBLE_CLICK_MS: '0' },
      'ingest-2': { DOUBLE_CLICK_MS: '0', OUTBOX_KEEP_HOURS: '0' },
    },
    ...options,
  });
  const token = await stack.tokenFor({ id: 2, name: 'pizza diner', email: 'd@jwt.com' });
  const dinerAt = (name: string): Shopper => createShopper({ url: stack.process(name).url, token });
  const [keeping, plain] = [dinerAt('ingest'), dinerAt('ingest-2')];
  const take = (name: 'ingest' | 'ingest-2'): Promise<Turn> =>
    takeTurn({ diner: name === 'ingest' ? keeping : plain, url: stack.process(name).url, orders, lanes });

  say('Warming up.');
  await take('ingest');
  await take('ingest-2');
  const turns: { on: Turn; off: Turn }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    // Who comes first changes: on, off, off, on.
    const first = round % 2 === 0 ? 'ingest' : 'ingest-2';
    const [a, b] = [await take(first), await take(first === 'ingest' ? 'ingest-2' : 'ingest')];
    turns.push(first === 'ingest' ? { on: a, off: b } : { on: b, off: a });
    const { on, off } = turns.at(-1)!;
    say(
      `${String(round + 1).padStart(4)}  with ${on.rate.toFixed(0)}/s ${on.cpuMsPerOrder.toFixed(3)} ms CPU, ` +
        `without ${off.rate.toFixed(0)}/s ${off.cpuMsPerOrder.toFixed(3)} ms CPU`,
    );
  }
  const kept = (await readMetrics(stack.process('ingest').url)).find(
    ({ name, labels }) => name === 'proofbox_outbox_orders' && labels['state'] === 'delivered',
  );
  const middle = (of: keyof Turn): number => spreadOf(turns.map(({ off }) => off[of])).median;
  const ratio = (of: keyof Turn): Spread => spreadOf(turns.map(({ on, off }) => on[of] / off[of]));
  return {
    rounds,
    rate: ratio('rate'),
    cpu: ratio('cpuMsPerOrder'),
    slowest: ratio('slowestMs'),
    without: { rate: middle('rate'), cpuMsPerOrder: middle('cpuMsPerOrder'), slowestMs: middle('slowestMs') },
    kept: kept?.value ?? 0,
  };
}

async function takeTurn(turn: { diner: Shopper; url: string; orders: number; lanes: number }): Promise<Turn> {
  const { diner, url, orders, lanes } = turn;
  const [cpuBefore, startedAt] = [await cpuSeconds(url), performance.now()];
  const took: number[] = [];
  async function lane(): Promise<void> {
    while (took.length < orders) {
      const { status, elapsedMs } = await diner.order(anOrder());
      if (status !== 202) throw new Error(`an order was answered with ${status}`);
      took.push(elapsedMs);
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane));
  const elapsedMs = performance.now() - startedAt;
  const cpuMs = ((await cpuSeconds(url)) - cpuBefore) * 1_000;
  const sorted = took.toSorted((a, b) => a - b);
  return {
    rate: (took.length * 1_000) / elapsedMs,
    cpuMsPerOrder: cpuMs / took.length,
    slowestMs: sorted[Math.floor(sorted.length * 0.99)]!,
  };
}

async function cpuSeconds(url: string): Promise<number> {
  const samples = await readMetrics(url);
  return samples.find(({ name }) => name === 'process_cpu_seconds_total')?.value ?? 0;
}

function spreadOf(values: number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part: number): number => sorted[Math.round(part * (sorted.length - 1))]!;
  return { median: at(0.5), lowerQuarter: at(0.25), upperQuarter: at(0.75) };
}
