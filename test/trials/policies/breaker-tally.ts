import type { BreakerState, BreakerStore } from '@proofbox/factory/breaker';
import type { Span } from './scenario.ts';
import type { SimCall } from './sim-factory.ts';
import type { VirtualTime } from './virtual-time.ts';

/** `allowed`: calls to a dead factory that its breaker may cost, see `callsAllowed`. */
export type BreakerTally = { openings: number; intervals: number; allowed: number };

/** So many failures are needed to know that it is down. */
const callsToKnow = 3;

type Change = { at: number; what: 'opened' | 'closed' | 'waits_again' };

/** `dead`: when the primary baked nothing. */
type Seen = { changes: readonly Change[]; calls: readonly SimCall[]; dead?: Span };

/** Notes what becomes of the primary's breaker. Times are ms since the start. */
export function tallyBreaker(
  store: BreakerStore,
  time: VirtualTime,
): (seen: Omit<Seen, 'changes'>) => BreakerTally {
  const changes: Change[] = [];
  let before = store.get('primary');
  store.watch(() => {
    const state = store.get('primary');
    const what = changeOf(before, state);
    before = state;
    if (what) changes.push({ at: time.now() - time.startedAt, what });
  });

  return ({ calls, dead }) => {
    const within = dead ? changes.filter(({ at }) => at >= dead.from && at < dead.until) : changes;
    const openings = within.filter(({ what }) => what === 'opened');
    const intervals = within.filter(({ what }) => what !== 'closed').length;
    const allowed = openings.reduce(
      (sum, opening) => sum + callsAllowed(opening, { changes, calls, ...(dead && { dead }) }),
      intervals,
    );
    return {
      openings: openings.length,
      intervals,
      allowed: dead ? Math.max(callsToKnow, allowed) + repeatsWhileClosed({ changes, calls, dead }) : 0,
    };
  };
}

/** No order opens a breaker by itself: until others failed, it comes again after its own back-off. */
function repeatsWhileClosed({ changes, calls, dead }: Required<Seen>): number {
  const isOpenAt = (at: number): boolean =>
    (changes.findLast((change) => change.at <= at)?.what ?? 'closed') !== 'closed';
  return calls.filter(
    ({ from, isRepeat }) => isRepeat && from >= dead.from && from < dead.until && !isOpenAt(from),
  ).length;
}

function changeOf(before: BreakerState, state: BreakerState): Change['what'] | undefined {
  if (before.state !== state.state) return state.state === 'open' ? 'opened' : 'closed';
  if (state.state !== 'open') return undefined;
  const waitsAgain = state.openUntil > before.openUntil || state.suspectsUntil > before.suspectsUntil;
  return waitsAgain ? 'waits_again' : undefined;
}

/** Three, or those that were on their way already when the third one's end was known. */
function callsAllowed(opening: Change, { changes, calls, dead }: Seen): number {
  const closedAt = changes.findLast(({ at, what }) => what === 'closed' && at < opening.at)?.at ?? 0;
  const since = Math.max(closedAt, dead?.from ?? 0);
  const own = calls.filter(({ from, isRepeat }) => from >= since && from < opening.at && !isRepeat);
  const ends = own.map(({ until }) => until).toSorted((a, b) => a - b);
  const known = ends[callsToKnow - 1] ?? Infinity;
  return Math.max(callsToKnow, own.filter(({ from }) => from <= known).length);
}
