import type { Changed } from '@proofbox/ledger';
import { expect, test } from 'vitest';
import { replayOrder } from './replay-order.ts';

/** Replays against a ledger that answers so; tells what was done, in order. */
async function replayWhen(changed: Changed): Promise<{ result: string; done: string[] }> {
  const done: string[] = [];
  const opened = {
    ledger: {
      replay: async () => {
        done.push('ledger');
        return changed;
      },
    },
    queue: {
      add: async (id: string) => {
        done.push(`queue ${id}`);
      },
    },
  };
  const result = await replayOrder(opened, { id: 'pb-1', deadlineMs: 1, by: 'me', why: 'a test' });
  return { result, done };
}

test('the ledger is told before the queue, so that no worker finds the job of an order that is still dead', async () => {
  expect(await replayWhen({ verdict: 'replayed', state: 'queued' })).toEqual({
    result: 'replayed',
    done: ['ledger', 'queue pb-1'],
  });
});

test.each(['queued', 'baking'] as const)(
  'the job of an order that is %s already is added again',
  async (state) => {
    expect(await replayWhen({ verdict: 'unchanged', state })).toEqual({
      result: `already_${state}`,
      done: ['ledger', 'queue pb-1'],
    });
  },
);

test.each<[Changed, string]>([
  [{ verdict: 'unchanged', state: 'fulfilled' }, 'already_fulfilled'],
  [{ verdict: 'unchanged', state: 'discarded' }, 'already_discarded'],
  [{ verdict: 'missing' }, 'not_found'],
])('%j puts nothing into the queue', async (changed, result) => {
  expect(await replayWhen(changed)).toEqual({ result, done: ['ledger'] });
});
