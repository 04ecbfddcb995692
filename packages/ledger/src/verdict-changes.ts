import { conditionOf, type FactoryName, type FactoryVerdict } from '@proofbox/contract';

/**
 * What can happen to a factory's verdict: pure functions from the verdict as it is to the verdict as it becomes, or to
 * undefined where nothing changes. Only `VerdictBoard.update` carries them out.
 */
export type VerdictChange = (verdict: FactoryVerdict) => FactoryVerdict | undefined;

const firstOpenMs = 5_000;
const longestOpenMs = 60_000;
/** A short outage must not be followed by a long wait: an open time is at most this part of the outage so far ... */
const openPartOfOutage = 1 / 4;
/** ... unless it is shorter than this. */
const alwaysOpenMs = 10_000;
/** Closed for so long, and the next opening starts at the shortest time again. */
const trustedAfterMs = 60_000;
/** A factory that opened again and again has to prove itself more than once. */
const mostProbes = 3;
/** Of many orders that time out at once, one halves the places. */
const narrowAtMostEveryMs = 1_000;
/** A fleet in the middle of a change of settings has two kinds; more are only remembered so that none is tried for ever. */
const mostRefusedSettings = 8;

/** Nothing is known of it, so it is trusted. */
export function unknownFactory(factory: FactoryName): FactoryVerdict {
  return {
    factory,
    version: 0,
    state: 'closed',
    changedAt: 0,
    openUntil: 0,
    timesOpened: 0,
    failingSince: 0,
    probesLeft: 0,
    narrowedAt: 0,
    throttledUntil: 0,
  };
}

type Chance = { now: number; /** in [0, 1) */ random: number };

/** Too many orders failed: nothing is sent until the open time is over. */
export function trip({ now, random, cause }: Chance & { cause: string }): VerdictChange {
  return (verdict) => {
    if (verdict.state !== 'closed') return undefined;
    const isTrusted = now - verdict.changedAt >= trustedAfterMs;
    const first = isTrusted || verdict.timesOpened === 0 ? { timesOpened: 0, failingSince: now } : {};
    return open({ ...verdict, ...first }, { now, random, cause });
  };
}

/** Gives the only place of a half-open factory to this order. */
export function grantProbe({
  now,
  orderId,
  worker,
  leaseMs,
}: {
  now: number;
  orderId: string;
  worker: string;
  leaseMs: number;
}): VerdictChange {
  return (verdict) => {
    if (conditionOf(verdict, now) !== 'half_open' || now < verdict.throttledUntil) return undefined;
    if (verdict.probe && verdict.probe.until > now) return undefined;
    return { ...verdict, probe: { orderId, worker, until: now + leaseMs } };
  };
}

/** The probe was not sent after all, or says nothing. */
export function returnProbe({ orderId }: { orderId: string }): VerdictChange {
  return (verdict) => (verdict.probe?.orderId === orderId ? withoutProbe(verdict) : undefined);
}

/** The probe was baked. When enough of them were, the factory is closed and tried carefully: one place, then two ... */
export function probeSucceeded({ now, orderId }: { now: number; orderId: string }): VerdictChange {
  return (verdict) => {
    if (verdict.probe?.orderId !== orderId) return undefined;
    const probesLeft = verdict.probesLeft - 1;
    if (probesLeft > 0) return { ...withoutProbe(verdict), probesLeft };
    return { ...closed(withoutProbe(verdict), now), places: 1 };
  };
}

/** The probe was not baked: open again, for twice as long. */
export function probeFailed({
  now,
  random,
  orderId,
  cause,
}: Chance & { orderId: string; cause: string }): VerdictChange {
  return (verdict) =>
    verdict.probe?.orderId === orderId ? open(verdict, { now, random, cause }) : undefined;
}

/** The factory asks for patience: none is sent until then, and fewer at once after that. */
export function throttle({
  now,
  retryAfterMs,
  full,
}: {
  now: number;
  retryAfterMs: number;
  full: number;
}): VerdictChange {
  return (verdict) => {
    const throttledUntil = Math.max(verdict.throttledUntil, now + retryAfterMs);
    const narrowed = narrow({ now, full })(verdict);
    return { ...(narrowed ?? verdict), throttledUntil };
  };
}

/** Half as many at once. @param full how many the fleet could have there at most */
export function narrow({ now, full }: { now: number; full: number }): VerdictChange {
  return (verdict) => {
    if (verdict.state !== 'closed' || now - verdict.narrowedAt < narrowAtMostEveryMs) return undefined;
    const places = Math.max(1, Math.floor(Math.min(verdict.places ?? full, full) / 2));
    return { ...verdict, places, narrowedAt: now };
  };
}

/**
 * The drain was resumed: what has waited comes at once, so it is sent one order at a time at first. Once per `resumedAt`
 * (ms since the epoch), whoever of the fleet hears of it first.
 */
export function startCarefully({ resumedAt }: { resumedAt: number }): VerdictChange {
  return (verdict) => {
    if (verdict.state !== 'closed' || verdict.narrowedAt >= resumedAt) return undefined;
    return { ...verdict, places: 1, narrowedAt: resumedAt };
  };
}

/** All places were used and baked well: twice as many. @param from what it was when that was seen */
export function widen({ from, full }: { from: number; full: number }): VerdictChange {
  return (verdict) => {
    if (verdict.places !== from) return undefined;
    const { places, ...unlimited } = verdict;
    return places * 2 >= full ? unlimited : { ...verdict, places: places * 2 };
  };
}

/**
 * The factory refuses us: it stays out of service until our settings change or an operator says so.
 * @param settings a hash of those it refused
 */
export function takeOutOfService({
  now,
  cause,
  settings,
}: {
  now: number;
  cause: string;
  settings: string;
}): VerdictChange {
  return (verdict) => {
    const { state, changedAt, refusedSettings: refused = [] } = verdict;
    const wasOut = state === 'out_of_service';
    if (wasOut && refused.includes(settings)) return undefined;
    return {
      ...withoutProbe(verdict),
      state: 'out_of_service',
      cause,
      changedAt: wasOut ? changedAt : now,
      refusedSettings: [...refused.filter((each) => each !== settings), settings].slice(-mostRefusedSettings),
    };
  };
}

/** An order was baked by a factory that had refused us with other settings, which stay known as refused. */
export function putIntoService({ now }: { now: number }): VerdictChange {
  return (verdict) => {
    if (verdict.state !== 'out_of_service') return undefined;
    const { refusedSettings = [] } = verdict;
    return { ...closed(verdict, now), refusedSettings, places: 1 };
  };
}

/**
 * An operator's word. `auto` takes it back, and gives a factory that is out of service another chance.
 * A factory that was kept away is tried carefully again, whatever it was that kept it away.
 */
export function force({
  to,
  by,
  why,
  now,
}: {
  to: 'open' | 'closed' | 'auto';
  by: string;
  why: string;
  now: number;
}): VerdictChange {
  const word = { by, why, at: now };
  return (verdict) => {
    const { forced, ...free } = verdict;
    const isOut = verdict.state === 'out_of_service';
    const wasKeptAway = forced?.to === 'open' || verdict.state !== 'closed';
    switch (to) {
      case 'open':
        return { ...verdict, forced: { to, ...word } };
      case 'closed':
        return { ...verdict, ...(wasKeptAway && { places: 1 }), forced: { to, ...word } };
      case 'auto':
        if (isOut) return { ...closed(free, now), places: 1 };
        if (forced === undefined) return undefined;
        return { ...free, ...(wasKeptAway && verdict.state === 'closed' && { places: 1 }) };
    }
  };
}

function open(verdict: FactoryVerdict, { now, random, cause }: Chance & { cause: string }): FactoryVerdict {
  const openMs = Math.min(
    longestOpenMs,
    firstOpenMs * 2 ** Math.min(verdict.timesOpened, 10),
    Math.max(alwaysOpenMs, (now - verdict.failingSince) * openPartOfOutage),
  );
  const timesOpened = verdict.timesOpened + 1;
  const { places: _places, ...rest } = withoutProbe(verdict);
  return {
    ...rest,
    state: 'open',
    cause,
    changedAt: now,
    openUntil: Math.round(now + openMs * (0.8 + 0.4 * random)),
    timesOpened,
    probesLeft: Math.min(timesOpened, mostProbes),
  };
}

function closed(verdict: FactoryVerdict, now: number): FactoryVerdict {
  const { cause: _cause, refusedSettings: _settings, ...rest } = verdict;
  return { ...rest, state: 'closed', changedAt: now, openUntil: 0, probesLeft: 0 };
}

function withoutProbe(verdict: FactoryVerdict): FactoryVerdict {
  const { probe: _probe, ...rest } = verdict;
  return rest;
}
