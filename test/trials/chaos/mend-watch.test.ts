import { expect, test } from 'vitest';
import { createMendWatch } from './mend-watch.ts';

const line = (kind: string, msg = 'the reconciler mended'): string =>
  JSON.stringify({ level: 'warn', kind, orderId: 'pb-1', msg });

test('what a reconciler mends is noted, but for what a killed process leaves behind', () => {
  const watch = createMendWatch();
  for (const kind of ['job', 'index', 'attempt', 'counter', 'stray_job']) watch.see('worker', line(kind));
  watch.see('worker-2', line('index', 'the reconciler mended more of that kind'));
  watch.see('worker-2', line('index', 'something else'));
  watch.see('worker-2', line('index').slice(0, -2));
  expect(watch.mends).toEqual([
    `worker: ${line('index')}`,
    `worker: ${line('counter')}`,
    `worker: ${line('stray_job')}`,
    `worker-2: ${line('index', 'the reconciler mended more of that kind')}`,
  ]);
});
