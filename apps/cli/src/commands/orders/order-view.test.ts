import type { OrderDetail } from '@proofbox/contract/admin';
import { expect, test } from 'vitest';
import { orderView } from './order-view.ts';
import { createPaint } from '../../terminal/terminal.ts';

const now = Date.parse('2026-11-23T06:15:00.000Z');
const before = (ms: number): string => new Date(now - ms).toISOString();
const items = [{ menuId: 1, description: 'Veggie\u001b[2J', price: 3.8e-7 }];

const exhausted: OrderDetail = {
  id: 'pb-1',
  state: 'dead',
  reason: 'exhausted',
  diner: { id: '2', name: 'p••• d•••', email: 'd•••@j•••', isMasked: true },
  franchiseId: 1,
  storeId: '7',
  items: 1,
  total: 3.8e-7,
  source: 'frontend',
  acceptedAt: before(180_000),
  updatedAt: before(60_000),
  settledAt: before(60_000),
  deadlineAt: before(-86_400_000),
  replays: 2,
  replayedAt: before(120_000),
  countedFailures: 1,
  hasReceipt: false,
  attempts: 2,
  order: { id: 'pb-1', franchiseId: 1, storeId: '7', items },
  attemptHistory: [
    {
      n: 1,
      factory: 'primary',
      worker: 'w',
      startedAt: before(179_000),
      endedAt: before(178_979),
      durationMs: 21,
      outcome: 'failed',
      status: 500,
      detail: 'chaos monkey',
      endChaosLink: true,
    },
    {
      n: 2,
      factory: 'fallback',
      worker: 'w',
      startedAt: before(61_000),
      endedAt: before(60_000),
      durationMs: 1_000,
      outcome: 'unknown',
      detail: 'no answer',
      counted: true,
    },
    { n: 3, factory: 'primary', worker: 'w', startedAt: before(60_000), outcome: 'under_way' },
  ],
  edits: [
    {
      at: before(120_000),
      by: 'ann',
      why: 'store 6 has moved',
      before: { id: 'pb-1', franchiseId: 1, storeId: '6', items },
    },
  ],
  audit: [
    { id: '1-0', at: before(120_000), by: 'ann', action: 'edit', subject: 'pb-1', why: 'store 6 has moved' },
  ],
  nextStep: {
    advice: 'Look for what is special about it. Then replay it.',
    actions: ['replay', 'factories'],
  },
};

function view(changes: Partial<OrderDetail> = {}, width?: number): string {
  const paint = createPaint({ hasColours: false });
  return orderView({ ...exhausted, ...changes }, { paint, now, width });
}

test('a person reads the whole story: state, times, order, attempts, edits, who did what, and what to do', () => {
  expect(view()).toBe(`Order pb-1
  State     dead: exhausted
  Accepted  2026-11-23T06:12:00.000Z (3 min ago)
  Changed   2026-11-23T06:14:00.000Z (1 min ago)
  Deadline  2026-11-24T06:15:00.000Z (in 24 h)
  Replayed  2 times, last 2026-11-23T06:13:00.000Z (2 min ago)
  Receipt   none
  Failures  1 counted against the order
  Diner     2, by way of the frontend
  Name      p••• d•••
  E-mail    d•••@j•••
  Store     7 of franchise 1
  Items     Veggie [2J, 0.00000038 (menu 1)
  Total     0.00000038

Attempts
  #  STARTED                   FACTORY   OUTCOME       TOOK  COUNTED  REMARKS
  1  2026-11-23T06:12:01.000Z  primary   failed, 500  21 ms  no       chaos monkey; offers a link that ends its chaos
  2  2026-11-23T06:13:59.000Z  fallback  unknown      1.0 s  yes      no answer
  3  2026-11-23T06:14:00.000Z  primary   under way        -  -

Edits
  2026-11-23T06:13:00.000Z (2 min ago), ann: store 6 has moved
    storeId: "6" -> "7"

What people did
  WHEN                                  WHO  WHAT  WHY
  2026-11-23T06:13:00.000Z (2 min ago)  ann  edit  store 6 has moved

What to do next
  Look for what is special about it.
  Then replay it.
    npm run -s proofbox -- dead replay pb-1 --why "…"
    npm run -s proofbox -- factory list
    npm run -s proofbox -- factory auto primary --why "…"
`);
});

test('an order that was restored from an outbox says so', () => {
  expect(view({ restoredAt: before(30_000) })).toMatch(
    /Restored +from an outbox at 2026-11-23T06:14:30\.000Z \(30 s ago\); what happened before is not known\n/,
  );
});

test('on a narrow screen remarks stand below their line, whole', () => {
  expect(view({}, 80)).toContain(`TOOK  COUNTED
  1  2026-11-23T06:12:01.000Z  primary   failed, 500  21 ms  no
      chaos monkey; offers a link that ends its chaos
`);
});

test('what a customer wrote of their own is shown to those only who had it revealed', () => {
  const order = { ...exhausted.order, note: 'ring at 555-0100' };
  expect(view({ order, edits: [] })).not.toContain('555-0100');
  const revealed = { ...exhausted.diner, isMasked: false };
  expect(view({ order, diner: revealed, edits: [] })).toMatch(/Also +note: "ring at 555-0100"/);
});
