import { delayMsOf, type Purchase } from './purchase.ts';

/** What `--json` prints of one shop. Times in ms of wall time. */
export type Measures = {
  placed: number;
  failedForDiner: number;
  lost: number;
  dead: number;
  /** Fulfilled later than the answer to the diner's POST. */
  delayed: number;
  /** From placed to fulfilled. */
  longestDelayMs: number;
  callsToDeadFactory: number;
  /** Since the factory first failed; null: no alarm at all. */
  firstAlarmAfterMs: number | null;
  /** From the last mending until no order waited any more; null: some never got their pizza. */
  recoveredAfterMs: number | null;
};

export type Evidence = {
  purchases: readonly Purchase[];
  callsToDeadFactory: number;
  alarmAt: number | undefined;
  /** When the factory first failed, and when it was mended for the last time; in ms since the epoch. */
  brokeAt: number;
  mendedAt: number;
};

/** An order that took no longer has not waited for the factory. */
const promptMs = 1_000;

export function measure({ purchases, callsToDeadFactory, alarmAt, brokeAt, mendedAt }: Evidence): Measures {
  const fulfilled = purchases.filter((each) => each.fate === 'fulfilled');
  const count = (fate: Purchase['fate']): number => purchases.filter((each) => each.fate === fate).length;
  return {
    placed: purchases.length,
    failedForDiner: purchases.filter((each) => !each.isDinerServed).length,
    lost: count('lost'),
    dead: count('dead'),
    delayed: fulfilled.filter((each) => each.endedAt > each.answeredAt).length,
    longestDelayMs: Math.max(0, ...fulfilled.map(delayMsOf)),
    callsToDeadFactory,
    firstAlarmAfterMs: alarmAt === undefined ? null : alarmAt - brokeAt,
    recoveredAfterMs: fulfilled.length === purchases.length ? recoveryMs(fulfilled, mendedAt) : null,
  };
}

function recoveryMs(fulfilled: readonly Purchase[], mendedAt: number): number {
  const waited = fulfilled.filter((each) => delayMsOf(each) > promptMs);
  return Math.max(0, ...waited.map((each) => each.endedAt - mendedAt));
}
