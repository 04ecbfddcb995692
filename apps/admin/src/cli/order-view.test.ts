import type { OrderRecord } from '@proofbox/contract';
import { expect, test } from 'vitest';
import { orderView } from './order-view.ts';
import { toShownOrder } from './shown-order.ts';
import { createPaint } from './terminal.ts';

const now = Date.parse('2026-11-23T06:15:00.000Z');

const exhausted: OrderRecord = {
  id: 'pb-1',
  state: 'dead',
  reason: 'exhausted',
  source: 'frontend',
  dinerId: '2',
  request: {
    diner: { id: 2, name: 'pizza diner', email: 'd@jwt.com' },
    order: {
      id: 'pb-1',
      franchiseId: 1,
      storeId: '7',
      items: [{ menuId: 1, description: 'Veggie', price: 3.8e-7 }],
      note: 'ring at 555-0100',
    },
  },
  acceptedAt: now - 180_000,
  updatedAt: now - 60_000,
  deadlineAt: now + 86_400_000,
  countedFailures: 1,
  replays: 2,
  replayedAt: now - 120_000,
  attempts: [
    {
      n: 1,
      factory: 'primary',
      worker: 'w',
      startedAt: now - 179_000,
      endedAt: now - 178_979,
      outcome: 'failed',
      status: 500,
      detail: 'chaos monkey',
      endChaosLink: true,
    },
    {
      n: 2,
      factory: 'fallback',
      worker: 'w',
      startedAt: now - 61_000,
      endedAt: now - 60_000,
      outcome: 'unknown',
      detail: 'no answer',
      counted: true,
    },
    { n: 3, factory: 'primary', worker: 'w', startedAt: now - 60_000 },
  ],
};

function view(order: OrderRecord): string {
  return orderView(toShownOrder(order), { paint: createPaint({ hasColours: false }), now });
}

test('a person reads the whole story: state, times, order, every attempt, and what to do', () => {
  expect(view(exhausted)).toBe(`Order pb-1
  State     dead: exhausted
  Accepted  2026-11-23T06:12:00.000Z (3 min ago)
  Changed   2026-11-23T06:14:00.000Z (1 min ago)
  Deadline  2026-11-24T06:15:00.000Z (in 24 h)
  Replayed  2 times, last 2026-11-23T06:13:00.000Z (2 min ago)
  Receipt   none
  Failures  1 counted against the order
  Diner     2, by way of the frontend
  Store     7 of franchise 1
  Items     Veggie, 0.00000038 (menu 1)

Attempts
  #  STARTED                   FACTORY   OUTCOME       TOOK  COUNTED  REMARKS
  1  2026-11-23T06:12:01.000Z  primary   failed, 500  21 ms  no       chaos monkey; offers a link that ends its chaos
  2  2026-11-23T06:13:59.000Z  fallback  unknown      1.0 s  yes      no answer
  3  2026-11-23T06:14:00.000Z  primary   under way        -  -

What to do next
  It failed again and again while the same factory baked other orders, so look for what is special about it.
  Once that is mended, replay it; otherwise tell the diner and discard it.
    npm run -s proofbox -- dead replay pb-1
    npm run -s proofbox -- dead discard pb-1 --why "…"
`);
});

test('of a receipt only that it exists is shown', () => {
  const shown = view({
    ...exhausted,
    state: 'fulfilled',
    receipt: 'eyJ.secret.receipt',
    fulfilledAt: now,
    factory: 'primary',
  });
  expect(shown).toMatch(/Receipt +stored/);
  expect(shown).not.toContain('secret');
});

test('name, e-mail, receipt and fields that a customer invented are in no output', () => {
  const json = JSON.stringify(toShownOrder({ ...exhausted, receipt: 'eyJ.secret.receipt' }));
  expect(json).toContain('"hasReceipt":true');
  for (const secret of ['pizza diner', 'd@jwt.com', 'secret', '555-0100']) expect(json).not.toContain(secret);
});
