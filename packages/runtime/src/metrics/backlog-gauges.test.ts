import { Registry } from 'prom-client';
import { describe, expect, test } from 'vitest';
import { registerBacklogGauges, type Backlog } from './backlog-gauges.ts';

/** A scrape's samples, without help and types. */
async function scrape(registry: Registry): Promise<string[]> {
  return (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

function register(read: () => Promise<Backlog>): Registry {
  const registry = new Registry();
  registerBacklogGauges(registry, read);
  return registry;
}

const backlog: Backlog = {
  orders: { queued: 2, dead: 1 },
  jobs: { wait: 2 },
  outstanding: 2,
  oldestPendingMs: undefined,
};

describe('the gauges of the backlog', () => {
  test('show what is there at this very scrape, by one reading', async () => {
    let readings = 0;
    let queued = 2;
    const registry = register(async () => {
      readings += 1;
      return { ...backlog, orders: { queued } };
    });
    expect(await scrape(registry)).toEqual([
      'proofbox_orders{state="queued"} 2',
      'proofbox_queue_depth{state="wait"} 2',
      'proofbox_orders_outstanding 2',
      'proofbox_oldest_pending_order_age_seconds 0',
      'proofbox_redis_up 1',
    ]);
    expect(readings).toBe(1);
    queued = 7;
    expect(await scrape(registry)).toContain('proofbox_orders{state="queued"} 7');
    expect(readings).toBe(2);
  });

  test('do not keep a scrape waiting for a Redis that never answers', async () => {
    const samples = await scrape(register(() => new Promise(() => {})));
    expect(samples).toEqual(['proofbox_redis_up 0']);
  });

  test('forget a state that is there no more', async () => {
    let orders: Record<string, number> = { queued: 2, dead: 1 };
    const registry = register(async () => ({ ...backlog, orders }));
    await scrape(registry);
    orders = { queued: 3 };
    const samples = await scrape(registry);
    expect(samples.filter((line) => line.startsWith('proofbox_orders{'))).toEqual([
      'proofbox_orders{state="queued"} 3',
    ]);
  });

  test('tell the age of the oldest order in seconds, and none below 0', async () => {
    let oldestPendingMs = 90_000;
    const registry = register(async () => ({ ...backlog, oldestPendingMs }));
    const age = async () =>
      Number((await scrape(registry)).find((line) => line.startsWith('proofbox_oldest'))?.split(' ')[1]);
    expect(await age()).toBe(90);
    oldestPendingMs = -60_000;
    expect(await age()).toBe(0);
  });

  test('are left out while they cannot be read, instead of telling of zeros, and are back after that', async () => {
    let isAway = false;
    const registry = register(async () => {
      if (isAway) throw new Error('redis');
      return backlog;
    });
    const healthy = await scrape(registry);
    isAway = true;
    expect(await scrape(registry)).toEqual(['proofbox_redis_up 0']);
    isAway = false;
    expect(await scrape(registry)).toEqual(healthy);
  });
});
