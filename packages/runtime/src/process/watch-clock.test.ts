import { expect, test } from 'vitest';
import { createMetrics } from '../metrics/metrics.ts';
import type { Logger } from '../logging/logger.ts';
import { watchClock } from './watch-clock.ts';

test('a clock that is off by more than 2 s is told once, and again when it is right; the metric has it all the time', async () => {
  const fields: [string, unknown, unknown][] = [];
  const logger = {
    warn: (...line: unknown[]) => fields.push(['warn', line[0], line[1]]),
    info: (...line: unknown[]) => fields.push(['info', line[0], line[1]]),
  } as unknown as Logger;
  const metrics = createMetrics();
  const skews = [undefined, 1_999, 2_001, 90_000, -90_000, -2_000, 0, -2_001];
  let at = -1;
  const shown: (string | undefined)[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  await using open = new AsyncDisposableStack();
  const watching = watchClock({
    clock: {
      async measure() {
        at += 1;
        const text = await metrics.getSingleMetricAsString('proofbox_clock_skew_seconds');
        shown.push(/^proofbox_clock_skew_seconds (.+)$/m.exec(text)?.[1]);
        if (at === skews.length) resolve();
      },
      skewMs: () => skews[at],
    },
    metrics,
    logger,
    everyMs: 1,
    onError(error) {
      throw error;
    },
  });
  open.use(watching);
  await promise;
  expect(fields).toEqual([
    ['warn', { skewSeconds: 2.001 }, 'the clock of this machine differs from that of Redis'],
    ['info', { skewSeconds: -2 }, 'the clock of this machine agrees with that of Redis again'],
    ['warn', { skewSeconds: -2.001 }, 'the clock of this machine differs from that of Redis'],
  ]);
  expect(shown).toEqual([undefined, '1.999', '2.001', '90', '-90', '-2', '0', '-2.001', undefined]);
});
