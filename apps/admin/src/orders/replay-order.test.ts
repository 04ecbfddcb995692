import type { Changed } from '@proofbox/ledger';
import { expect, test } from 'vitest';
import { replayOrder } from './replay-order.ts';

/** Replays against a ledger that answers so; tells what was done, in order. */
async function doneWhen(changed: Changed): Promise<string[]> {
  const done: string[] = [];
  const parts = {
    ledger: {
      replay: async () => {
        done.push('ledger');
        return changed;
      },
    },
    queue: {
      addAll: async (ids: readonly string[]) => {
        if (ids.length > 0) done.push(`queue ${ids.join(' ')}`);
      },
      inHand: async () => [],
    },
  };
  expect(await replayOrder(parts, { id: 'pb-1', deadlineMs: 1, by: 'me', why: 'a test' })).toEqual(changed);
  return done;
}

test('the ledger is told before the queue, so that no worker finds the job of an order that is still dead', async () => {
  expect(await doneWhen({ status: 'replayed', state: 'queued' })).toEqual(['ledger', 'queue pb-1']);
});

test.each(['queued', 'baking'] as const)(
  'the job of an order that is %s already is added again',
  async (state) => {
    expect(await doneWhen({ status: 'unchanged', state })).toEqual(['ledger', 'queue pb-1']);
  },
);

test.each<Changed>([
  { status: 'unchanged', state: 'fulfilled' },
  { status: 'unchanged', state: 'discarded' },
  { status: 'missing' },
])('%j puts nothing into the queue', async (changed) => {
  expect(await doneWhen(changed)).toEqual(['ledger']);
});
