import { conditionOf, type FactoryVerdict } from '@proofbox/contract';
import { describe, expect, test } from 'vitest';
import {
  force,
  grantProbe,
  narrow,
  probeFailed,
  probeSucceeded,
  putIntoService,
  returnProbe,
  startCarefully,
  takeOutOfService,
  throttle,
  trip,
  unknownFactory,
  widen,
  type VerdictChange,
} from './verdict-changes.ts';

const now = 1_000_000;
const cause = 'chaos monkey';
const trusted = unknownFactory('primary');
const opened: FactoryVerdict = {
  ...trusted,
  state: 'open',
  cause,
  changedAt: now - 5_000,
  openUntil: now,
  timesOpened: 1,
  probesLeft: 1,
};
const probing: FactoryVerdict = { ...opened, probe: { orderId: 'p', worker: 'w', until: now + 7_000 } };
const narrowed: FactoryVerdict = { ...trusted, places: 4 };
const outOfService: FactoryVerdict = {
  ...trusted,
  state: 'out_of_service',
  cause: '401',
  changedAt: now - 1,
  refusedSettings: ['old'],
};

/** In the middle of its chance. */
const even = { now, random: 0.5 };

type Row = [
  what: string,
  before: FactoryVerdict,
  change: VerdictChange,
  after: Partial<FactoryVerdict> | undefined,
];

/** `after`: these fields as they are afterwards, undefined for one that is absent; undefined as a whole: nothing changes. */
function check([, before, change, after]: Row): void {
  const verdict = change(before);
  expect(verdict && after ? fieldsOf(verdict, after) : verdict).toEqual(after);
}

function fieldsOf(verdict: FactoryVerdict, like: Partial<FactoryVerdict>): object {
  const fields = Object.keys(like) as (keyof FactoryVerdict)[];
  return Object.fromEntries(fields.map((field) => [field, verdict[field]]));
}

const resumedAt = now - 10;

describe('a drain that is resumed', () => {
  test.for<[string, FactoryVerdict, Partial<FactoryVerdict> | undefined]>([
    ['sends one order at a time at first', trusted, { places: 1, narrowedAt: resumedAt }],
    ['also where more were allowed', narrowed, { places: 1, narrowedAt: resumedAt }],
    ['once, not for each worker that hears of it', { ...trusted, narrowedAt: resumedAt }, undefined],
    ['changes nothing for a factory that is open', opened, undefined],
  ])('%s', ([, verdict, expected]) => {
    const changed = startCarefully({ resumedAt })(verdict);
    expect(changed).toEqual(expected && { ...verdict, ...expected });
  });
});

describe('trip', () => {
  test.for<Row>([
    [
      'opens it for 5 s, until one probe is baked',
      trusted,
      trip({ ...even, cause }),
      { state: 'open', cause, changedAt: now, openUntil: now + 5_000, timesOpened: 1, probesLeft: 1 },
    ],
    [
      'the time has jitter: not below 4 s',
      trusted,
      trip({ now, random: 0, cause }),
      { openUntil: now + 4_000 },
    ],
    ['and not above 6 s', trusted, trip({ now, random: 0.999_999, cause }), { openUntil: now + 6_000 }],
    [
      'soon after it was closed it is open for twice as long, until two probes are baked',
      { ...trusted, timesOpened: 1, changedAt: now - 59_999 },
      trip({ ...even, cause }),
      { openUntil: now + 10_000, timesOpened: 2, probesLeft: 2 },
    ],
    [
      'after 60 s closed it is trusted again',
      { ...trusted, timesOpened: 5, changedAt: now - 60_000 },
      trip({ ...even, cause }),
      { openUntil: now + 5_000, timesOpened: 1, probesLeft: 1 },
    ],
    ['a slow start is over', narrowed, trip({ ...even, cause }), { state: 'open', places: undefined }],
    ['an open one stays as it is', opened, trip({ ...even, cause }), undefined],
    ['one that is out of service stays out of service', outOfService, trip({ ...even, cause }), undefined],
  ])('%s', check);

  test('each failed probe doubles the time, within a quarter of the outage so far and 60 s, and no more than three probes have to be baked', () => {
    let verdict = trip({ ...even, cause })(trusted)!;
    const seen = [[verdict.openUntil - now, verdict.probesLeft]];
    for (let i = 0; i < 1_500; i += 1) {
      const at = verdict.openUntil;
      verdict = grantProbe({ now: at, orderId: 'p', worker: 'w', leaseMs: 7_000 })(verdict)!;
      verdict = probeFailed({ now: at, random: 0.5, orderId: 'p', cause })(verdict)!;
      const outageMs = at - now;
      expect(verdict.openUntil - at).toBeLessThanOrEqual(Math.max(10_000, Math.ceil(outageMs / 4)));
      seen.push([verdict.openUntil - at, verdict.probesLeft]);
    }
    expect(seen.slice(0, 5)).toEqual([
      [5_000, 1],
      [10_000, 2],
      [10_000, 3],
      [10_000, 3],
      [10_000, 3],
    ]);
    expect(seen.at(-1)).toEqual([60_000, 3]);
  });

  test('a second outage within a minute goes on where the first one was, one after that begins anew', () => {
    const first = trip({ ...even, cause })(trusted)!;
    const back = probeSucceeded({ now: now + 5_000, orderId: 'p' })(
      grantProbe({ now: now + 5_000, orderId: 'p', worker: 'w', leaseMs: 1 })(first)!,
    )!;
    expect(trip({ ...even, now: now + 10_000, cause })(back)).toMatchObject({
      timesOpened: 2,
      failingSince: now,
    });
    expect(trip({ ...even, now: now + 70_000, cause })(back)).toMatchObject({
      timesOpened: 1,
      failingSince: now + 70_000,
    });
  });
});

describe('probes', () => {
  const ask = grantProbe({ now, orderId: 'p', worker: 'w', leaseMs: 7_000 });

  test.for<Row>([
    [
      'the first order to ask gets the place',
      opened,
      ask,
      { probe: { orderId: 'p', worker: 'w', until: now + 7_000 } },
    ],
    ['nobody else gets it', probing, grantProbe({ now, orderId: 'q', worker: 'v', leaseMs: 1 }), undefined],
    [
      'unless nothing is heard of the probe',
      { ...probing, probe: { orderId: 'o', worker: 'v', until: now } },
      ask,
      { probe: { orderId: 'p', worker: 'w', until: now + 7_000 } },
    ],
    ['not before the time is over', { ...opened, openUntil: now + 1 }, ask, undefined],
    ['not while it asks for patience', { ...opened, throttledUntil: now + 1 }, ask, undefined],
    ['not where none is needed', trusted, ask, undefined],
    ['not out of service', outOfService, ask, undefined],
    [
      'one that was not sent gives the place back',
      probing,
      returnProbe({ orderId: 'p' }),
      { probe: undefined },
    ],
    ['another order gives nothing back', probing, returnProbe({ orderId: 'q' }), undefined],
    [
      'the last one that is baked closes it, with one place',
      probing,
      probeSucceeded({ now, orderId: 'p' }),
      { state: 'closed', changedAt: now, places: 1, probe: undefined, cause: undefined, probesLeft: 0 },
    ],
    [
      'one that is not the last leaves it half-open',
      { ...probing, probesLeft: 3 },
      probeSucceeded({ now, orderId: 'p' }),
      { state: 'open', openUntil: now, probesLeft: 2, probe: undefined },
    ],
    [
      'an order that is not the probe closes nothing',
      probing,
      probeSucceeded({ now, orderId: 'q' }),
      undefined,
    ],
    [
      'one that fails opens it again for twice as long',
      probing,
      probeFailed({ ...even, orderId: 'p', cause }),
      { state: 'open', openUntil: now + 10_000, changedAt: now, probesLeft: 2, probe: undefined },
    ],
    [
      'an order that is not the probe opens nothing',
      probing,
      probeFailed({ ...even, orderId: 'q', cause }),
      undefined,
    ],
  ])('%s', check);
});

describe('how many at once', () => {
  test.for<Row>([
    ['half of all', trusted, narrow({ now, full: 96 }), { places: 48, narrowedAt: now }],
    ['half of what it was', narrowed, narrow({ now, full: 96 }), { places: 2 }],
    [
      'half of a fleet that has become smaller',
      { ...trusted, places: 96 },
      narrow({ now, full: 32 }),
      { places: 16 },
    ],
    ['never less than one', { ...trusted, places: 1 }, narrow({ now, full: 96 }), { places: 1 }],
    ['once a second at most', { ...narrowed, narrowedAt: now - 999 }, narrow({ now, full: 96 }), undefined],
    [
      'again after a second',
      { ...narrowed, narrowedAt: now - 1_000 },
      narrow({ now, full: 96 }),
      { places: 2 },
    ],
    ['not while it is open', opened, narrow({ now, full: 96 }), undefined],
    ['twice as many', narrowed, widen({ from: 4, full: 96 }), { places: 8 }],
    [
      'as many as the fleet can',
      { ...trusted, places: 48 },
      widen({ from: 48, full: 96 }),
      { places: undefined },
    ],
    ['a second worker that saw the same widens nothing', narrowed, widen({ from: 2, full: 96 }), undefined],
    ['where there is no limit there is nothing to widen', trusted, widen({ from: 4, full: 96 }), undefined],
    [
      'a complaint keeps everybody away, and halves the places',
      narrowed,
      throttle({ now, retryAfterMs: 3_000, full: 96 }),
      { throttledUntil: now + 3_000, places: 2 },
    ],
    [
      'a shorter wish does not shorten a longer one',
      { ...narrowed, throttledUntil: now + 9_000 },
      throttle({ now, retryAfterMs: 3_000, full: 96 }),
      { throttledUntil: now + 9_000 },
    ],
    [
      'complaints that come together halve the places once',
      { ...narrowed, narrowedAt: now },
      throttle({ now, retryAfterMs: 3_000, full: 96 }),
      { throttledUntil: now + 3_000, places: 4 },
    ],
  ])('%s', check);
});

describe('out of service', () => {
  const refuse = takeOutOfService({ now, cause: '401', settings: 'new' });

  test.for<Row>([
    [
      'a refusal takes it out',
      trusted,
      refuse,
      { state: 'out_of_service', cause: '401', changedAt: now, refusedSettings: ['new'] },
    ],
    ['also when it was half-open', probing, refuse, { state: 'out_of_service', probe: undefined }],
    [
      'other settings that are refused are known as well, since when it has been out stays',
      outOfService,
      refuse,
      { state: 'out_of_service', changedAt: now - 1, refusedSettings: ['old', 'new'] },
    ],
    [
      'the same refusal again changes nothing',
      outOfService,
      takeOutOfService({ now, cause, settings: 'old' }),
      undefined,
    ],
    [
      'no more than eight are remembered',
      { ...outOfService, refusedSettings: [...'abcdefgh'] },
      refuse,
      { refusedSettings: [...'bcdefgh', 'new'] },
    ],
    [
      'an order that is baked with other settings brings it back, with one place',
      outOfService,
      putIntoService({ now }),
      { state: 'closed', changedAt: now, places: 1, cause: undefined, refusedSettings: ['old'] },
    ],
    ['one that is in service is not brought back', trusted, putIntoService({ now }), undefined],
  ])('%s', check);
});

describe("an operator's word", () => {
  const say = (to: 'open' | 'closed' | 'auto') => force({ to, by: 'ann', why: 'maintenance', now });
  const word = (to: 'open' | 'closed') => ({ to, by: 'ann', why: 'maintenance', at: now });
  const kept = { ...trusted, forced: word('open') };

  test.for<Row>([
    ['forces it open', trusted, say('open'), { state: 'closed', forced: word('open') }],
    ['forces it closed', trusted, say('closed'), { forced: word('closed'), places: undefined }],
    [
      'forces an open one closed, with one place at first',
      opened,
      say('closed'),
      { state: 'open', places: 1 },
    ],
    ['the last word stands', kept, say('closed'), { forced: word('closed'), places: 1 }],
    [
      'is taken back, and what was kept away is tried carefully',
      kept,
      say('auto'),
      { forced: undefined, places: 1 },
    ],
    [
      'is taken back, and what took orders goes on taking them',
      { ...trusted, forced: word('closed') },
      say('auto'),
      { forced: undefined, places: undefined },
    ],
    [
      'is taken back, and what was open is open',
      { ...opened, forced: word('open') },
      say('auto'),
      { state: 'open', forced: undefined, places: undefined },
    ],
    [
      'gives one that is out of service another chance, with one place',
      outOfService,
      say('auto'),
      { state: 'closed', changedAt: now, places: 1, refusedSettings: undefined, cause: undefined },
    ],
    ['has nothing to take back', trusted, say('auto'), undefined],
    ['does not end an open time', opened, say('auto'), undefined],
  ])('%s', check);

  test('stands above what the workers find', () => {
    const forcedOpen = say('open')(trusted)!;
    expect(conditionOf(probeSucceeded({ now, orderId: 'p' })(probing)!, now)).toBe('closed');
    expect(conditionOf(forcedOpen, now)).toBe('forced_open');
    const forcedClosed = say('closed')(trusted)!;
    expect(conditionOf(trip({ ...even, cause })(forcedClosed)!, now)).toBe('forced_closed');
    expect(conditionOf(takeOutOfService({ now, cause, settings: 's' })(forcedClosed)!, now)).toBe(
      'forced_closed',
    );
  });
});
