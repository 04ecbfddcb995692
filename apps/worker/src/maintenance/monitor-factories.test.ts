import { createNames } from '@proofbox/ledger';
import { expect, test } from 'vitest';
import { monitorFactories, type MonitorOptions } from './monitor-factories.ts';

/** A monitor of a primary; `asked` are the turns that were asked for in Redis, which gives none. */
function aMonitor(options: Partial<MonitorOptions> = {}) {
  const asked: string[] = [];
  const redis = {
    async set(key: string) {
      asked.push(key);
      return null;
    },
  };
  const factories = [{ name: 'primary' }];
  const parts = { redis, names: createNames('shop'), factories, intervalMs: 0, onError: expect.unreachable };
  return { asked, ...monitorFactories({ ...parts, ...options } as unknown as MonitorOptions) };
}

test.for([
  ['nothing', {}, []],
  [
    'health pages where a factory has one',
    { factories: [{ name: 'primary', healthUrl: 'http://h' }] as never },
    ['health_pages'],
  ],
  ['canaries where they are on', { intervalMs: 60_000 }, ['canaries']],
] satisfies [string, Partial<MonitorOptions>, string[]][])(
  'the first worker looks at %s',
  ([, options, names]) => {
    const { tasks } = aMonitor(options);
    expect(tasks.map(({ name }) => name)).toEqual(names);
    expect(tasks.every(({ isForFirst }) => isForFirst)).toBe(true);
  },
);

test('a witness is asked for where canaries are on, of a factory that there is, until the worker stops', () => {
  const off = aMonitor();
  off.wantWitness('primary');
  expect(off.asked).toEqual([]);
  const monitor = aMonitor({ intervalMs: 60_000 });
  monitor.wantWitness('fallback');
  expect(monitor.asked).toEqual([]);
  monitor.wantWitness('primary');
  expect(monitor.asked).toEqual([expect.stringContaining('primary')]);
  monitor[Symbol.dispose]();
  monitor.wantWitness('primary');
  expect(monitor.asked).toHaveLength(1);
});
