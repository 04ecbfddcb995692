import { describe, expect, test } from 'vitest';
import {
  force,
  grantProbe,
  narrow,
  orderBaked,
  orderFailed,
  probeAllowedAt,
  probeBaked,
  probeFailed,
  returnProbe,
  settingsChanged,
  startCarefully,
  throttle,
  widen,
  type BreakerChange,
} from './breaker-changes.ts';
import { conditionOf, emptyRow, trustedState, type BreakerState } from './breaker-state.ts';

const now = 1_000_000;
const cause = 'chaos monkey';
const trusted = trustedState('primary');
/** Failing for so short a time that it is open for the shortest time. */
const opened: BreakerState = {
  ...trusted,
  state: 'open',
  cause,
  changedAt: now - 300,
  failingSince: now - 400,
  openUntil: now,
  suspectsUntil: now,
  sparedUntil: now,
};
const probing: BreakerState = { ...opened, probe: { orderId: 'p', worker: 'w', until: now + 7_000 } };
const narrowed: BreakerState = { ...trusted, permits: 4 };
const refusing: BreakerState = { ...opened, cause: '401', refused: 'old' };
const aRow = (fresh: string[], suspects: string[] = [], since = now - 400): BreakerState => ({
  ...trusted,
  row: { since, fresh, suspects },
});

/** In the middle of its chance. */
const even = { now, random: 0.5 };
/** An order that never failed there, at a factory that fails none by chance. */
const fresh = { ...even, isSuspect: false, cause, needed: 3 };
const suspect = { ...fresh, isSuspect: true };
/** One that no other factory would take. */
const candidate = { failures: 0, hasAlternative: false };

type Row = [
  what: string,
  before: BreakerState,
  change: BreakerChange,
  after: Partial<BreakerState> | undefined,
];

/** `after`: these fields as they are afterwards, undefined for one that is absent; undefined as a whole: nothing changes. */
function check([, before, change, after]: Row): void {
  const state = change(before);
  expect(state && after ? fieldsOf(state, after) : state).toEqual(after);
}

function fieldsOf(state: BreakerState, like: Partial<BreakerState>): object {
  const fields = Object.keys(like) as (keyof BreakerState)[];
  return Object.fromEntries(fields.map((field) => [field, state[field]]));
}

/** Makes them one after the other; one that changes nothing leaves the state as it was. */
function having(state: BreakerState, ...changes: BreakerChange[]): BreakerState {
  return changes.reduce((each, change) => change(each) ?? each, state);
}

describe('an order that failed', () => {
  test.for<Row>([
    [
      'begins a row',
      trusted,
      orderFailed({ ...fresh, orderId: 'a' }),
      { state: 'closed', row: { since: now, fresh: ['a'], suspects: [] } },
    ],
    [
      'makes a row longer that began before',
      aRow(['a']),
      orderFailed({ ...fresh, orderId: 'b' }),
      { state: 'closed', row: { since: now - 400, fresh: ['a', 'b'], suspects: [] } },
    ],
    [
      'counts once, however often it fails',
      aRow(['a', 'b']),
      orderFailed({ ...fresh, orderId: 'b' }),
      undefined,
    ],
    [
      'counts once, also when it is a suspect by now',
      aRow(['a', 'b']),
      orderFailed({ ...suspect, orderId: 'b' }),
      undefined,
    ],
    [
      'is the third in a row: open, since the first one failed',
      aRow(['a', 'b']),
      orderFailed({ ...fresh, orderId: 'c' }),
      {
        state: 'open',
        cause: '3 orders in a row, the last: chaos monkey',
        row: emptyRow,
        changedAt: now,
        failingSince: now - 400,
        openUntil: now + 300,
        suspectsUntil: now + 300,
        sparedUntil: now + 5_000,
      },
    ],
    [
      'is the third where more in a row may be chance: still closed',
      aRow(['a', 'b']),
      orderFailed({ ...fresh, orderId: 'c', needed: 6 }),
      { state: 'closed', row: { since: now - 400, fresh: ['a', 'b', 'c'], suspects: [] } },
    ],
    [
      'and is a suspect weighs a third: eight of them open nothing',
      aRow([], [...'abcdefg']),
      orderFailed({ ...suspect, orderId: 'h' }),
      { state: 'closed', row: { since: now - 400, fresh: [], suspects: [...'abcdefgh'] } },
    ],
    [
      'and is the ninth distinct suspect opens it',
      aRow([], [...'abcdefgh']),
      orderFailed({ ...suspect, orderId: 'i' }),
      { state: 'open', cause: '9 orders in a row, the last: chaos monkey' },
    ],
    [
      'fresh ones and suspects add up',
      aRow(['a', 'b'], ['c', 'd']),
      orderFailed({ ...suspect, orderId: 'e' }),
      { state: 'open' },
    ],
    [
      'because it refuses us: open, and it is known whom it refuses',
      aRow(['a', 'b']),
      orderFailed({ ...fresh, orderId: 'c', refused: 'ours' }),
      { state: 'open', refused: 'ours' },
    ],
    [
      'ends a slow start when it opens it',
      { ...aRow(['a', 'b']), permits: 4 },
      orderFailed({ ...fresh, orderId: 'c' }),
      { state: 'open', permits: undefined },
    ],
    ['changes nothing where it is open', opened, orderFailed({ ...fresh, orderId: 'c' }), undefined],
    [
      'that is baked after others ends their row',
      aRow(['a', 'b'], ['c']),
      orderBaked({ now }),
      { row: emptyRow },
    ],
    ['where none failed there is no row to end', trusted, orderBaked({ now }), undefined],
    ['that was baked, but not as the probe, closes nothing', probing, orderBaked({ now }), undefined],
    [
      "that is baked on an operator's word closes it",
      having(opened, force({ to: 'closed', by: 'ann', why: 'mended', now })),
      orderBaked({ now }),
      { state: 'closed', cause: undefined, changedAt: now },
    ],
  ])('%s', check);

  test('remembers no more than 36 of each kind, whatever row is needed', () => {
    const changes = Array.from({ length: 100 }, (_each, i) =>
      orderFailed({ ...suspect, orderId: `s${i}`, needed: 1_000 }),
    );
    expect(having(trusted, ...changes).row.suspects).toHaveLength(36);
  });
});

describe('how long it is open', () => {
  test.for([
    ['a young outage', 400, 0.5, 300, 5_000],
    ['at least 0.8 of that', 400, 0, 240, 4_000],
    ['at most 1.2 of that', 400, 0.999_999, 360, 6_000],
    ['a thirtieth of an outage, or a quarter', 60_000, 0.5, 2_000, 15_000],
    ['no longer than half a minute, or a minute', 86_400_000, 0.5, 30_000, 60_000],
    ['with jitter', 86_400_000, 0.999_999, 36_000, 72_000],
  ] as const)(
    '%s: %i ms old, %d of chance: %i ms, and %i ms while another factory bakes',
    ([, outageMs, random, openMs, sparedMs]) => {
      const failing = { ...probing, failingSince: now - outageMs };
      const state = probeFailed({ ...fresh, random, orderId: 'p' })(failing)!;
      expect([state.openUntil - now, state.sparedUntil - now]).toEqual([openMs, sparedMs]);
    },
  );

  test('a row that grew over quiet hours is no outage of hours', () => {
    const state = orderFailed({ ...fresh, orderId: 'c' })(aRow(['a', 'b'], [], now - 900_000))!;
    expect(state.failingSince).toBe(now - 60_000);
  });

  test('an outage that began by a clock ahead of this one is a young one', () => {
    const state = aRow(['a', 'b'], [], now + 3_600_000);
    expect(orderFailed({ ...fresh, orderId: 'c' })(state)!.openUntil).toBe(now + 300);
  });

  test('a mended factory is asked again soon: never later than a twenty-fifth of the outage, or a third of a second', () => {
    let state = orderFailed({ ...fresh, random: 1, orderId: 'c' })(aRow(['a', 'b']))!;
    const since = state.failingSince;
    for (let i = 0; i < 300; i += 1) {
      const at = state.openUntil;
      state = having(
        state,
        grantProbe({ now: at, orderId: `p${i}`, worker: 'w', leaseMs: 7_000, ...candidate }),
        probeFailed({ now: at, random: 1, orderId: `p${i}`, isSuspect: false, cause }),
      );
      expect(state).toMatchObject({ state: 'open', failingSince: since, changedAt: at });
      const openMs = state.openUntil - at;
      expect(openMs).toBeLessThanOrEqual(Math.min(36_000, Math.max(360, Math.ceil((at - since) * 0.04))));
    }
    expect(state.openUntil - state.changedAt).toBe(36_000);
  });
});

describe('probes', () => {
  const ask = grantProbe({ now, orderId: 'p', worker: 'w', leaseMs: 7_000, ...candidate });
  const asked = { probe: { orderId: 'p', worker: 'w', until: now + 7_000 } };
  const failed = { ...even, orderId: 'p', isSuspect: false, cause };
  const askAs = (failures: number, at = now): BreakerChange =>
    grantProbe({ now: at, orderId: 'p', worker: 'w', leaseMs: 7_000, failures, hasAlternative: false });

  test.for<Row>([
    ['the first order to ask gets the permit', opened, ask, asked],
    [
      'nobody else gets it',
      probing,
      grantProbe({ now, orderId: 'q', worker: 'v', leaseMs: 1, ...candidate }),
      undefined,
    ],
    [
      'unless nothing is heard of the probe',
      { ...probing, probe: { orderId: 'o', worker: 'v', until: now } },
      ask,
      asked,
    ],
    ['not before the time is over', { ...opened, openUntil: now + 1 }, ask, undefined],
    ['not while it asks for patience', { ...opened, throttledUntil: now + 1 }, ask, undefined],
    ['not where none is needed', trusted, ask, undefined],
    ['also at one that refuses us', refusing, ask, asked],
    [
      'not against an operator',
      { ...opened, forced: { to: 'open', by: 'ann', at: 1, why: '-' } },
      ask,
      undefined,
    ],
    ['an order that failed there once waits 200 ms', opened, askAs(1, now + 199), undefined],
    [
      'and may be the probe then',
      opened,
      askAs(1, now + 200),
      { probe: { ...asked.probe, until: now + 7_200 } },
    ],
    ['the least failed one comes first', opened, askAs(2, now + 399), undefined],
    [
      'what a suspect found keeps suspects waiting',
      { ...opened, suspectsUntil: now + 9_000 },
      askAs(1, now + 9_199),
      undefined,
    ],
    [
      'an order that another factory takes does not come before the time is over for which it is spared',
      { ...opened, sparedUntil: now + 1 },
      grantProbe({ now, orderId: 'p', worker: 'w', leaseMs: 7_000, failures: 0, hasAlternative: true }),
      undefined,
    ],
    ['one that none takes does', { ...opened, sparedUntil: now + 60_000 }, ask, asked],
    ['and nobody else', { ...opened, suspectsUntil: now + 9_000 }, ask, asked],
    [
      'one that was not sent gives the permit back',
      probing,
      returnProbe({ orderId: 'p' }),
      { probe: undefined },
    ],
    ['another order gives nothing back', probing, returnProbe({ orderId: 'q' }), undefined],
    [
      'one that is baked closes it, with one permit',
      { ...probing, refused: 'old' },
      probeBaked({ now, orderId: 'p' }),
      {
        state: 'closed',
        changedAt: now,
        permits: 1,
        probe: undefined,
        cause: undefined,
        refused: undefined,
        openUntil: 0,
        suspectsUntil: 0,
        sparedUntil: 0,
      },
    ],
    ['an order that is not the probe closes nothing', probing, probeBaked({ now, orderId: 'q' }), undefined],
    [
      'one that fails opens it again',
      { ...probing, failingSince: now - 60_000 },
      probeFailed(failed),
      {
        state: 'open',
        cause: 'the probe: chaos monkey',
        openUntil: now + 2_000,
        suspectsUntil: now + 2_000,
        sparedUntil: now + 15_000,
        failingSince: now - 60_000,
        changedAt: now,
        probe: undefined,
      },
    ],
    [
      'a suspect that fails keeps only suspects waiting',
      { ...probing, failingSince: now - 60_000 },
      probeFailed({ ...failed, isSuspect: true }),
      { state: 'open', openUntil: now, suspectsUntil: now + 2_000, changedAt: now - 300, probe: undefined },
    ],
    [
      'one that is refused says whom it refuses',
      probing,
      probeFailed({ ...failed, refused: 'ours' }),
      { state: 'open', refused: 'ours' },
    ],
    [
      'one that fails in another way is no refusal any more',
      { ...probing, refused: 'old' },
      probeFailed(failed),
      { state: 'open', refused: undefined },
    ],
    [
      'an order that is not the probe opens nothing',
      probing,
      probeFailed({ ...failed, orderId: 'q' }),
      undefined,
    ],
  ])('%s', check);

  test('an order that failed very often waits two seconds, and no longer', () => {
    expect(
      [0, 1, 2, 10, 11, 1_000].map(
        (failures) => probeAllowedAt(opened, { failures, hasAlternative: false }) - now,
      ),
    ).toEqual([0, 200, 400, 2_000, 2_000, 2_000]);
  });
});

describe('a factory that refuses us', () => {
  const ours = settingsChanged({ now, settings: 'new' });

  test.for<Row>([
    [
      'is tried at once by a worker with other settings',
      { ...refusing, openUntil: now + 60_000, suspectsUntil: now + 60_000, sparedUntil: now + 60_000 },
      ours,
      { state: 'open', openUntil: now, suspectsUntil: now, sparedUntil: now, refused: 'new' },
    ],
    [
      'and not by one with the settings that it refused',
      refusing,
      settingsChanged({ now, settings: 'old' }),
      undefined,
    ],
    [
      'one that fails in another way is not tried sooner',
      { ...opened, openUntil: now + 60_000 },
      ours,
      undefined,
    ],
  ])('%s', check);
});

const resumedAt = now - 10;

describe('how many at once', () => {
  test.for<Row>([
    ['half of all', trusted, narrow({ now, full: 96 }), { permits: 48, narrowedAt: now }],
    ['half of what it was', narrowed, narrow({ now, full: 96 }), { permits: 2 }],
    [
      'half of a fleet that has become smaller',
      { ...trusted, permits: 96 },
      narrow({ now, full: 32 }),
      { permits: 16 },
    ],
    ['never less than one', { ...trusted, permits: 1 }, narrow({ now, full: 96 }), { permits: 1 }],
    ['once a second at most', { ...narrowed, narrowedAt: now - 999 }, narrow({ now, full: 96 }), undefined],
    [
      'again after a second',
      { ...narrowed, narrowedAt: now - 1_000 },
      narrow({ now, full: 96 }),
      { permits: 2 },
    ],
    ['not while it is open', opened, narrow({ now, full: 96 }), undefined],
    ['twice as many', narrowed, widen({ from: 4, full: 96 }), { permits: 8 }],
    [
      'as many as the fleet can',
      { ...trusted, permits: 48 },
      widen({ from: 48, full: 96 }),
      { permits: undefined },
    ],
    ['a second worker that saw the same widens nothing', narrowed, widen({ from: 2, full: 96 }), undefined],
    ['where there is no limit there is nothing to widen', trusted, widen({ from: 4, full: 96 }), undefined],
    [
      'a complaint keeps everybody away, and halves the permits',
      narrowed,
      throttle({ now, retryAfterMs: 3_000, full: 96 }),
      { throttledUntil: now + 3_000, permits: 2 },
    ],
    [
      'a shorter wish does not shorten a longer one',
      { ...narrowed, throttledUntil: now + 9_000 },
      throttle({ now, retryAfterMs: 3_000, full: 96 }),
      { throttledUntil: now + 9_000 },
    ],
    [
      'complaints that come together halve the permits once',
      { ...narrowed, narrowedAt: now },
      throttle({ now, retryAfterMs: 3_000, full: 96 }),
      { throttledUntil: now + 3_000, permits: 4 },
    ],
    [
      'a queue that is resumed sends one order at a time at first',
      trusted,
      startCarefully({ resumedAt }),
      { permits: 1, narrowedAt: resumedAt },
    ],
    [
      'also where more were allowed',
      narrowed,
      startCarefully({ resumedAt }),
      { permits: 1, narrowedAt: resumedAt },
    ],
    [
      'once, not for each worker that hears of it',
      { ...trusted, narrowedAt: resumedAt },
      startCarefully({ resumedAt }),
      undefined,
    ],
    ['and changes nothing for a factory that is open', opened, startCarefully({ resumedAt }), undefined],
  ])('%s', check);
});

describe("an operator's word", () => {
  const say = (to: 'open' | 'closed' | 'auto') => force({ to, by: 'ann', why: 'maintenance', now });
  const word = (to: 'open' | 'closed') => ({ to, by: 'ann', why: 'maintenance', at: now });
  const kept = { ...trusted, forced: word('open') };

  test.for<Row>([
    ['forces it open', trusted, say('open'), { state: 'closed', forced: word('open') }],
    ['forces it closed', trusted, say('closed'), { forced: word('closed'), permits: undefined }],
    [
      'forces an open one closed, with one permit at first',
      opened,
      say('closed'),
      { state: 'open', permits: 1 },
    ],
    ['the last word stands', kept, say('closed'), { forced: word('closed'), permits: 1 }],
    [
      'is taken back, and what was kept away is tried carefully',
      kept,
      say('auto'),
      { forced: undefined, permits: 1 },
    ],
    [
      'is taken back, and what took orders goes on taking them',
      { ...trusted, forced: word('closed') },
      say('auto'),
      { forced: undefined, permits: undefined },
    ],
    [
      'is taken back, and what was open is tried at once',
      {
        ...opened,
        openUntil: now + 60_000,
        suspectsUntil: now + 60_000,
        sparedUntil: now + 60_000,
        forced: word('open'),
      },
      say('auto'),
      { state: 'open', forced: undefined, openUntil: now, suspectsUntil: now, sparedUntil: now },
    ],
    [
      'has one that refuses us tried at once',
      { ...refusing, openUntil: now + 60_000 },
      say('auto'),
      { state: 'open', openUntil: now, refused: 'old' },
    ],
    [
      'makes nobody wait who need not',
      { ...opened, openUntil: now - 5, sparedUntil: now + 5 },
      say('auto'),
      { openUntil: now - 5 },
    ],
    ['has nothing to do where any order may be the probe', opened, say('auto'), undefined],
    ['has nothing to take back', trusted, say('auto'), undefined],
  ])('%s', check);

  test('stands above what the workers find', () => {
    expect(conditionOf(having(probing, say('open'), probeBaked({ now, orderId: 'p' })), now)).toBe(
      'forced_open',
    );
    const forcedClosed = having(aRow(['a', 'b']), say('closed'), orderFailed({ ...fresh, orderId: 'c' }));
    expect(forcedClosed.state).toBe('open');
    expect(conditionOf(forcedClosed, now)).toBe('forced_closed');
  });
});

/** The reply to the first time was lost, and nobody knows whether it was made. */
describe('a change that is made twice is as one that is made once', () => {
  const failed = { ...even, isSuspect: false, cause };
  test.for<[string, BreakerState, BreakerChange]>([
    ['an order failed', aRow(['a']), orderFailed({ ...fresh, orderId: 'b' })],
    ['an order failed and opened it', aRow(['a', 'b']), orderFailed({ ...fresh, orderId: 'c' })],
    ['an order was baked', aRow(['a', 'b']), orderBaked({ now })],
    [
      'a probe was asked for',
      opened,
      grantProbe({ now, orderId: 'p', worker: 'w', leaseMs: 7_000, ...candidate }),
    ],
    ['a probe came back', probing, returnProbe({ orderId: 'p' })],
    ['a probe was baked', probing, probeBaked({ now, orderId: 'p' })],
    ['a probe failed', probing, probeFailed({ ...failed, orderId: 'p' })],
    ['a suspect failed as the probe', probing, probeFailed({ ...failed, isSuspect: true, orderId: 'p' })],
    ['settings have changed', refusing, settingsChanged({ now, settings: 'new' })],
    ['a complaint', narrowed, throttle({ now, retryAfterMs: 3_000, full: 96 })],
    ['fewer at once', narrowed, narrow({ now, full: 96 })],
    ['more at once', narrowed, widen({ from: 4, full: 96 })],
    ['a queue is resumed', narrowed, startCarefully({ resumedAt })],
    ['forced open', opened, force({ to: 'open', by: 'ann', why: '-', now })],
    ['forced closed', opened, force({ to: 'closed', by: 'ann', why: '-', now })],
    ['auto', { ...opened, openUntil: now + 9 }, force({ to: 'auto', by: 'ann', why: '-', now })],
  ])('%s', ([, before, change]) => {
    const once = having(before, change);
    expect(once).not.toEqual(before);
    expect(having(once, change)).toEqual(once);
  });
});
