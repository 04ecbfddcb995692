import { createDice, type Dice } from '../../support/seeded-random.ts';
import { countedAs, faultKinds, type FaultKind, type Strike } from './strike.ts';

/** What there is to strike. */
export type Targets = {
  processes: readonly string[];
  factories: readonly string[];
  links: readonly string[];
};

export type ScheduleOptions = {
  seed: number;
  lengthMs: number;
  targets: Targets;
  /** Families or kinds of faults; all when none is named. */
  only?: readonly string[];
};

const meanGapMs = 1_400;
/** The first orders are placed in peace, so that a run that cannot work at all says so. */
const firstAtMs = 1_000;
/** What was struck needs so long to be itself again. */
const recoveryMs = 2_500;

/** From and to, in ms. Some outlast the 2 s of an attempt, the 5 s of a heartbeat, the 10 s of a job's lock. */
const durations: Record<FaultKind, [number, number]> = {
  kill: [200, 4_000],
  term: [200, 3_000],
  freeze: [500, 20_000],
  'redis-kill': [200, 9_000],
  'redis-term': [200, 5_000],
  'redis-freeze': [300, 9_000],
  'redis-full': [500, 9_000],
  'redis-readonly': [500, 9_000],
  'redis-busy': [500, 6_000],
  'link-reset': [1, 3_000],
  'link-close': [1, 3_000],
  'link-blackhole': [1_000, 20_000],
  'link-delay': [1_000, 8_000],
  'factory-fail': [1_000, 8_000],
  'factory-badjwt': [1_000, 6_000],
  'factory-hang': [1_000, 8_000],
  'factory-reset': [1_000, 6_000],
  'factory-down': [1_000, 8_000],
  'factory-html502': [1_000, 6_000],
  'factory-429': [1_000, 6_000],
  'factory-slow': [1_000, 8_000],
  'factory-400': [1_000, 6_000],
  'factory-403': [1_000, 6_000],
  'factory-encoded': [1_000, 6_000],
  'factory-interim': [1_000, 6_000],
  'factory-idleClose': [1_000, 6_000],
  'factory-keys': [1_000, 8_000],
  'factory-hostile': [1_000, 6_000],
};

/**
 * What goes wrong, and when: a pure function of its options, so that a seed always tells the same story. Nothing is
 * struck again before it is mended, each fault of each kind of target comes before any comes twice, and all is over at
 * `lengthMs`.
 */
export function createSchedule({ seed, lengthMs, targets, only = [] }: ScheduleOptions): Strike[] {
  const dice = createDice(seed);
  const blows = blowsAt(targets).filter(({ fault }) => isWanted(fault, only));
  if (blows.length === 0) return [];
  const busyUntil = new Map<string, number>();
  const strikes: Strike[] = [];
  let bag: Blow[] = [];
  for (let atMs = firstAtMs; atMs < lengthMs; atMs += gapMs(dice)) {
    if (bag.length === 0) bag = dice.shuffle(blows);
    const isFree = (target: string): boolean => (busyUntil.get(target) ?? 0) <= atMs;
    const blow = bag.find((each) => each.targets.some(isFree));
    if (blow === undefined) continue;
    bag = bag.filter((each) => each !== blow);
    const { fault } = blow;
    const target = dice.pick(blow.targets.filter(isFree));
    const durationMs = Math.min(dice.between(...durations[fault]), lengthMs - atMs);
    strikes.push({ atMs, fault, target, durationMs, ...delayOf(fault, dice) });
    busyUntil.set(target, atMs + durationMs + recoveryMs);
  }
  return strikes;
}

/** `link` and `link-reset` both want `link-reset`. */
export function isWanted(kind: FaultKind, only: readonly string[]): boolean {
  return only.length === 0 || only.some((wanted) => kind === wanted || kind.startsWith(`${wanted}-`));
}

/** One fault, and the targets of one kind that it can strike. */
type Blow = { fault: FaultKind; targets: readonly string[] };

function blowsAt(targets: Targets): Blow[] {
  return faultKinds.flatMap((fault) =>
    [...Map.groupBy(targetsOf(fault, targets), (target) => countedAs({ fault, target })).values()].map(
      (ofKind) => ({ fault, targets: ofKind }),
    ),
  );
}

function targetsOf(kind: FaultKind, targets: Targets): readonly string[] {
  if (kind.startsWith('redis-')) return ['redis'];
  if (kind.startsWith('link-')) return targets.links;
  if (kind.startsWith('factory-')) return targets.factories;
  return targets.processes;
}

function gapMs(dice: Dice): number {
  return dice.between(meanGapMs / 4, (meanGapMs * 7) / 4);
}

function delayOf(fault: FaultKind, dice: Dice): { delayMs?: number } {
  if (fault === 'link-delay') return { delayMs: dice.between(20, 1_500) };
  return fault === 'factory-slow' ? { delayMs: dice.between(300, 4_000) } : {};
}
