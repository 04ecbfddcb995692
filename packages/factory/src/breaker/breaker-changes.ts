import { emptyRow, isHalfOpen, type BreakerState } from './breaker-state.ts';

/**
 * What can happen to a breaker: pure functions from its state to the state it becomes, or to undefined where nothing
 * changes. A store may make a change twice, when the reply to the first time was lost: the second one finds its own
 * trace in the state, and changes nothing. Only `BreakerStore.update` carries them out.
 */
export type BreakerChange = (state: BreakerState) => BreakerState | undefined;

/** A young outage is looked at this often, and an older one each time that it has lasted a thirtieth longer. */
const openTimes = { part: 1 / 30, shortestMs: 300, longestMs: 30_000 };
/** Nobody waits for it while another factory bakes: then it is looked at less often. */
const sparedTimes = { part: 1 / 4, shortestMs: 5_000, longestMs: 60_000 };
/** An order that failed before lets those go first that did not. */
const suspectsWaitMs = 200;
/** So many suspects weigh as much as one order that never failed. */
const suspectsPerOrder = 3;
/** As many ids as the longest row needs that is made of suspects only. */
const longestRow = 36;
/** A row that grew over quiet hours is no outage of hours. */
const longestRowMs = 60_000;
/** Of many orders that time out at once, one halves the permits. */
const narrowAtMostEveryMs = 1_000;

type Chance = { now: number; /** in [0, 1) */ random: number };

export type FailedOrder = {
  orderId: string;
  /** It failed there before: its failure may be its own fault. */
  isSuspect: boolean;
  cause: string;
  /** The factory refuses us; a hash of the settings that it was called with. */
  refused?: string | undefined;
};

/** An order failed that was no probe. @param needed distinct orders in a row open the breaker */
export function orderFailed({
  now,
  random,
  needed,
  ...failed
}: Chance & FailedOrder & { needed: number }): BreakerChange {
  return (state) => {
    const { row } = state;
    const { orderId, isSuspect } = failed;
    if (state.state !== 'closed' || row.fresh.includes(orderId) || row.suspects.includes(orderId))
      return undefined;
    const kind = isSuspect ? 'suspects' : 'fresh';
    const longer = {
      ...row,
      since: row.since || now,
      [kind]: [...row[kind], orderId].slice(-longestRow),
    };
    const orders = longer.fresh.length + longer.suspects.length / suspectsPerOrder;
    if (orders < needed) return { ...state, row: longer };
    const cause = `${longer.fresh.length + longer.suspects.length} orders in a row, the last: ${failed.cause}`;
    const failingSince = Math.max(longer.since, now - longestRowMs);
    return open({ ...state, failingSince }, { now, random, ...failed, cause });
  };
}

/** An order was baked that was no probe: whatever failed before it, the factory bakes. */
export function orderBaked({ now }: { now: number }): BreakerChange {
  return (state) => {
    // Sent on an operator's word.
    if (state.state === 'open') return state.forced?.to === 'closed' ? closed(state, now) : undefined;
    return state.row.since > 0 ? { ...state, row: emptyRow } : undefined;
  };
}

export type Candidate = {
  /** How often the order failed there before. */
  failures: number;
  /** Another factory would take it. */
  hasAlternative: boolean;
};

/** Gives the only permit of a half-open breaker to this order. */
export function grantProbe({
  now,
  orderId,
  worker,
  leaseMs,
  ...candidate
}: Candidate & { now: number; orderId: string; worker: string; leaseMs: number }): BreakerChange {
  return (state) => {
    if (!isHalfOpen(state, now) || now < probeAllowedAt(state, candidate)) return undefined;
    if (state.probe && state.probe.until > now) return undefined;
    return { ...state, probe: { orderId, worker, until: now + leaseMs } };
  };
}

/** When an open breaker takes this order as a probe, in ms since the epoch. */
export function probeAllowedAt(
  { openUntil, suspectsUntil, sparedUntil, throttledUntil }: BreakerState,
  { failures, hasAlternative }: Candidate,
): number {
  const from = Math.max(openUntil, throttledUntil, hasAlternative ? sparedUntil : 0);
  // The least failed one comes first.
  return failures === 0 ? from : Math.max(from, suspectsUntil) + suspectsWaitMs * Math.min(failures, 10);
}

/** The probe was not sent after all, or says nothing. */
export function returnProbe({ orderId }: { orderId: string }): BreakerChange {
  return (state) => (state.probe?.orderId === orderId ? withoutProbe(state) : undefined);
}

/** The probe was baked: closed, and tried carefully, one order, then two ... */
export function probeBaked({ now, orderId }: { now: number; orderId: string }): BreakerChange {
  return (state) => (state.probe?.orderId === orderId ? { ...closed(state, now), permits: 1 } : undefined);
}

/** The probe was not baked. What a suspect found keeps suspects waiting, and nobody else. */
export function probeFailed({ now, random, ...failed }: Chance & FailedOrder): BreakerChange {
  return (state) => {
    if (state.probe?.orderId !== failed.orderId) return undefined;
    const cause = `the probe: ${failed.cause}`;
    if (!failed.isSuspect) return open(state, { now, random, ...failed, cause });
    const suspectsUntil = now + partOfOutage(state, { now, random }, openTimes);
    return { ...withoutProbe(state), cause, suspectsUntil };
  };
}

/** This worker calls it with other settings than those that it refused: it is tried again at once. Once for these settings. */
export function settingsChanged({ now, settings }: { now: number; settings: string }): BreakerChange {
  return (state) => {
    if (state.refused === undefined || state.refused === settings) return undefined;
    return { ...state, ...untilAtMost(state, now), refused: settings };
  };
}

/** The factory asks for patience: nothing is sent until then, and fewer at once after that. */
export function throttle({
  now,
  retryAfterMs,
  full,
}: {
  now: number;
  retryAfterMs: number;
  full: number;
}): BreakerChange {
  return (state) => {
    const throttledUntil = Math.max(state.throttledUntil, now + retryAfterMs);
    const narrowed = narrow({ now, full })(state);
    return { ...(narrowed ?? state), throttledUntil };
  };
}

/** Half as many at once. @param full how many the fleet could have there at most */
export function narrow({ now, full }: { now: number; full: number }): BreakerChange {
  return (state) => {
    if (state.state !== 'closed' || now - state.narrowedAt < narrowAtMostEveryMs) return undefined;
    const permits = Math.max(1, Math.floor(Math.min(state.permits ?? full, full) / 2));
    return { ...state, permits, narrowedAt: now };
  };
}

/**
 * The queue was resumed: what has waited comes at once, so it is sent one order at a time at first. Once per `resumedAt`
 * (ms since the epoch), whichever worker learns of it first.
 */
export function startCarefully({ resumedAt }: { resumedAt: number }): BreakerChange {
  return (state) => {
    if (state.state !== 'closed' || state.narrowedAt >= resumedAt) return undefined;
    return { ...state, permits: 1, narrowedAt: resumedAt };
  };
}

/** All permits were used and baked well: twice as many. @param from what it was when that was seen */
export function widen({ from, full }: { from: number; full: number }): BreakerChange {
  return (state) => {
    if (state.permits !== from) return undefined;
    const { permits, ...unlimited } = state;
    return permits * 2 >= full ? unlimited : { ...state, permits: permits * 2 };
  };
}

/**
 * An operator's word. `auto` takes it back, and has a factory that is open tried at once.
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
}): BreakerChange {
  const word = { by, why, at: now };
  return (state) => {
    const { forced, ...free } = state;
    if (forced?.to === to && forced.at === now && forced.by === by) return undefined;
    const wasKeptAway = forced?.to === 'open' || state.state !== 'closed';
    switch (to) {
      case 'open':
        return { ...state, forced: { to, ...word } };
      case 'closed':
        return { ...state, ...(wasKeptAway && { permits: 1 }), forced: { to, ...word } };
      case 'auto':
        if (forced === undefined && !isWaiting(state, now)) return undefined;
        if (state.state === 'open') return { ...free, ...untilAtMost(state, now) };
        return { ...free, ...(wasKeptAway && { permits: 1 }) };
    }
  };
}

/** It is open, and some orders that come at `now` are not its probe yet. */
function isWaiting({ state, openUntil, suspectsUntil, sparedUntil }: BreakerState, now: number): boolean {
  return state === 'open' && Math.max(openUntil, suspectsUntil, sparedUntil) > now;
}

/** Any order may be its probe from `now` on. */
function untilAtMost(
  { openUntil, suspectsUntil, sparedUntil }: BreakerState,
  now: number,
): Partial<BreakerState> {
  return {
    openUntil: Math.min(openUntil, now),
    suspectsUntil: Math.min(suspectsUntil, now),
    sparedUntil: Math.min(sparedUntil, now),
  };
}

function open(state: BreakerState, { now, random, cause, refused }: Chance & FailedOrder): BreakerState {
  const { permits: _permits, refused: _refused, ...rest } = withoutProbe(state);
  const openUntil = now + partOfOutage(state, { now, random }, openTimes);
  return {
    ...rest,
    state: 'open',
    cause,
    row: emptyRow,
    changedAt: now,
    openUntil,
    suspectsUntil: openUntil,
    sparedUntil: now + partOfOutage(state, { now, random }, sparedTimes),
    ...(refused !== undefined && { refused }),
  };
}

/** How long nothing is sent: a part of the outage so far, within bounds, with jitter. */
function partOfOutage(
  { failingSince }: BreakerState,
  { now, random }: Chance,
  { part, shortestMs, longestMs }: typeof openTimes,
): number {
  const ms = Math.max(0, now - failingSince) * part;
  return Math.round(Math.min(Math.max(ms, shortestMs), longestMs) * (0.8 + 0.4 * random));
}

function closed(state: BreakerState, now: number): BreakerState {
  const { cause: _cause, refused: _refused, ...rest } = withoutProbe(state);
  return {
    ...rest,
    state: 'closed',
    row: emptyRow,
    changedAt: now,
    openUntil: 0,
    suspectsUntil: 0,
    sparedUntil: 0,
  };
}

function withoutProbe(state: BreakerState): BreakerState {
  const { probe: _probe, ...rest } = state;
  return rest;
}
