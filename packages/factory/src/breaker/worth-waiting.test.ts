import { expect, test } from 'vitest';
import { trustedState, type BreakerState } from './breaker-state.ts';
import { worthWaitingMs } from './worth-waiting.ts';

const now = 1_000_000_000;
const withinMs = 4_000;
const trusted = trustedState('primary');
/** Of an outage that a diner who comes now will not outwait. */
const opened: BreakerState = {
  ...trusted,
  state: 'open',
  failingSince: now - 60_000,
  openUntil: now + 5_000,
};
const probe = { orderId: 'p', worker: 'w', until: now + 7_000 };
const word = { by: 'ann', at: now, why: '-' };

test.for<[string, BreakerState, boolean]>([
  ['closed', trusted, true],
  [
    'closed, and asks for patience until a diner has gone',
    { ...trusted, throttledUntil: now + 4_001 },
    false,
  ],
  ['closed, and asks for patience that a diner has', { ...trusted, throttledUntil: now + 4_000 }, true],
  [
    'closed, and asks for patience of a day by a wrong clock',
    { ...trusted, throttledUntil: now + 86_400_000 },
    true,
  ],
  ['open until a diner has gone', opened, false],
  [
    'open, and tried again while a diner waits: by another order',
    { ...opened, openUntil: now + 1_000 },
    false,
  ],
  [
    'open for so short a time that it may be nothing',
    { ...opened, failingSince: now - 300, openUntil: now + 300 },
    true,
  ],
  [
    'a short outage whose probe is on its way',
    { ...opened, failingSince: now - 3_999, openUntil: now - 1, probe },
    true,
  ],
  ['half-open: this order may be the probe', { ...opened, openUntil: now }, true],
  ['half-open, while another order is the probe', { ...opened, openUntil: now, probe }, false],
  [
    'half-open, and nothing is heard of the probe',
    { ...opened, openUntil: now, probe: { ...probe, until: now } },
    true,
  ],
  ['open until tomorrow by a wrong clock', { ...opened, openUntil: now + 86_400_000 }, true],
  ['refuses us', { ...opened, refused: 'ours' }, false],
  ['refuses us, and this order may be the probe', { ...opened, refused: 'ours', openUntil: now }, true],
  ['forced open', { ...trusted, forced: { to: 'open', ...word } }, false],
  ['forced closed', { ...opened, forced: { to: 'closed', ...word } }, true],
  [
    'forced closed, and asks for patience',
    { ...opened, throttledUntil: now + 9_000, forced: { to: 'closed', ...word } },
    false,
  ],
])('%s', ([, state, expected]) => {
  expect(worthWaitingMs(state, now, withinMs) > 0).toBe(expected);
});
