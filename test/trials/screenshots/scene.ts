import type { Diner, FactoryName, FactoryCondition, Outcome, DeadLetterReason } from '@proofbox/contract';
import type { HistorySample } from '@proofbox/contract/admin';
import { createLedger, type connectPatiently, type Names } from '@proofbox/ledger';

/** An evening in a shop whose primary factory has gone astray. The same people and orders in every run. */

type Redis = ReturnType<typeof connectPatiently>;
type Scene = { redis: Redis; names: Names; now: number };
type Fate = { reason: DeadLetterReason; factory: FactoryName; outcome: Outcome; attempts: number };

const minuteMs = 60_000;

const diners: Diner[] = [
  { id: 4, name: 'Kai Chen', email: 'kai@jwt.com' },
  { id: 17, name: 'Buddy Brown', email: 'buddy@jwt.com' },
  { id: 23, name: 'Lila Lee', email: 'lila@jwt.com' },
  { id: 31, name: 'Ana Martínez', email: 'ana@jwt.com' },
  { id: 58, name: 'Nikola Dvořák', email: 'nikola@jwt.com' },
];

export const menu = [
  { menuId: 1, description: 'Veggie', price: 0.0038 },
  { menuId: 2, description: 'Pepperoni', price: 0.0042 },
  { menuId: 3, description: 'Margarita', price: 0.0014 },
  { menuId: 4, description: 'Crusty', price: 0.0024 },
  { menuId: 5, description: 'Charred Leopard', price: 0.0099 },
];

const fates: Fate[] = [
  {
    reason: 'rejected',
    factory: 'primary',
    attempts: 1,
    outcome: { kind: 'rejected', status: 400, detail: 'Missing required parameters' },
  },
  {
    reason: 'exhausted',
    factory: 'primary',
    attempts: 5,
    outcome: { kind: 'failed', status: 500, detail: 'Failed to fulfill order: topping out of range' },
  },
  {
    reason: 'expired',
    factory: 'fallback',
    attempts: 3,
    outcome: { kind: 'not_sent', detail: 'could not connect (ECONNREFUSED)' },
  },
  {
    reason: 'unknown_outcome',
    factory: 'primary',
    attempts: 1,
    outcome: { kind: 'unknown', detail: 'no answer within 2000 ms' },
  },
];

/** Dead letters of every reason, some minutes apart. @returns their ids, oldest first */
export async function addDeadLetters({ redis, names, now }: Scene, many: number): Promise<string[]> {
  let clock = now;
  const ledger = createLedger({ redis, names, now: () => clock });
  const ids: string[] = [];
  for (let place = 0; place < many; place += 1) {
    const fate = fates[(place * 7) % fates.length]!;
    const diner = diners[(place * 3) % diners.length]!;
    const id = `pb-${(1_000_003 * (place + 41)).toString(36).padStart(24, '7k2xm9d4qa0vt5c8hj3e6rwz')}`;
    const order = {
      id,
      franchiseId: 1,
      storeId: String(1 + (place % 3)),
      items: [menu[place % menu.length]!, menu[(place + 2) % menu.length]!],
    };
    clock = now - (many - place) * 7 * minuteMs;
    await ledger.accept({
      id,
      fingerprint: id,
      source: place % 5 === 4 ? 'service' : 'frontend',
      dinerId: String(diner.id),
      request: { diner, order },
      deadlineMs: 24 * 60 * minuteMs,
    });
    for (let attempt = 0; attempt < fate.attempts; attempt += 1) {
      clock += 1_000 * (1 + attempt * attempt * 5);
      const begun = await ledger.beginAttempt({
        id,
        factory: fate.factory,
        worker: 'oven-1',
        token: `${id} ${attempt}`,
        leaseMs: 10_000,
      });
      if (begun.status !== 'begun') throw new Error(`${id} is ${begun.status}`);
      clock += fate.outcome.kind === 'unknown' ? 2_000 : 23;
      await ledger.settle({ ...begun.attempt, outcome: fate.outcome });
    }
    const state = fate.reason === 'unknown_outcome' ? 'held' : 'dead';
    await ledger.deadLetter({ id, reason: fate.reason, state });
    ids.push(id);
  }
  return ids;
}

/** Six hours: quiet, then a busy evening, and an outage of both factories which drains away. */
export async function addHistory({ redis, names, now }: Scene): Promise<void> {
  const everyMs = minuteMs;
  let accepted = 3_000;
  let fulfilled = 3_000;
  let backlog = 0;
  // A stream takes no entry that is older than its last one.
  const pipeline = redis.multi().del(names.history);
  for (let at = now - 360 * minuteMs; at < now - minuteMs; at += everyMs) {
    const minute = 360 - Math.round((now - at) / minuteMs);
    const coming = Math.round(20 + 90 * Math.exp(-(((minute - 260) / 70) ** 2)) + 6 * Math.sin(minute / 3));
    const isPrimaryDown = minute >= 205 && minute < 262;
    const isFallbackDown = minute >= 222 && minute < 248;
    const bears = isPrimaryDown && isFallbackDown ? 0 : isPrimaryDown ? 95 : 190;
    accepted += coming;
    const baked = Math.min(backlog + coming, bears);
    fulfilled += baked;
    backlog += coming - baked;
    const conditionOf = (isDown: boolean): FactoryCondition => (isDown ? 'open' : 'closed');
    const sample: Omit<HistorySample, 'at'> = {
      accepted,
      fulfilled,
      backlog,
      dead: 9 + Math.floor(minute / 20),
      held: Math.floor(minute / 60),
      factories: { primary: conditionOf(isPrimaryDown), fallback: conditionOf(isFallbackDown) },
    };
    pipeline.xadd(names.history, `${at}-0`, 'sample', JSON.stringify(sample));
  }
  await pipeline.exec();
}
