import { orderStates, deadLetterReasons, type OrderRecord } from '@proofbox/contract';
import { expect, test } from 'vitest';
import { nextStepFor } from './next-step.ts';
import { someRecord } from './test-record.ts';

const attempt = { n: 1, factory: 'primary', worker: 'w', startedAt: 0, endedAt: 1 } as const;

test.each(orderStates)('an order that is %s has a sentence that says what to do', (state) => {
  expect(nextStepFor(someRecord({ state })).advice).toMatch(/^[A-Z].+\.$/);
});

test.each(deadLetterReasons)('a dead letter that is %s can be replayed or discarded', (reason) => {
  const { actions } = nextStepFor(someRecord({ state: 'dead', reason }));
  expect(actions).toEqual(expect.arrayContaining(['replay', 'discard']));
});

test.each<[Partial<OrderRecord>, string[]]>([
  [{ state: 'dead', reason: 'rejected' }, ['edit', 'replay', 'discard']],
  [{ state: 'held', reason: 'unknown_outcome' }, ['replay', 'discard']],
  [{ state: 'queued', attempts: [{ ...attempt, outcome: 'misconfigured' }] }, ['factories', 'discard']],
  [{ state: 'queued', attempts: [{ ...attempt, outcome: 'rejected' }] }, ['factories', 'discard']],
  [{ state: 'queued', attempts: [{ ...attempt, outcome: 'failed' }] }, ['discard']],
  [{ state: 'queued' }, ['discard']],
  [{ state: 'baking', attempts: [{ ...attempt }] }, ['discard']],
  [{ state: 'fulfilled' }, []],
  [{ state: 'discarded', discardReason: 'refunded' }, []],
])('%j: %j', (changes, actions) => {
  expect(nextStepFor(someRecord(changes)).actions).toEqual(actions);
});

test.each(['rejected', 'misconfigured'] as const)(
  'an order that is %s and waits blames neither our key nor the order before it is known which',
  (outcome) => {
    const { advice } = nextStepFor(someRecord({ state: 'queued', attempts: [{ ...attempt, outcome }] }));
    expect(advice).toMatch(/refuses other orders, too, our key or URL.*bakes them, this order/);
  },
);
