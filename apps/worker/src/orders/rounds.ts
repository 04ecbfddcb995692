import { factoryNames, type OrderRecord } from '@proofbox/contract';

/**
 * Rounds since the order was accepted or last replayed: the most attempts any one factory has had. Those that were
 * sent back because the factory was busy are none of the order's doing.
 */
export function roundsOf({ attempts, replayedAt = 0 }: Pick<OrderRecord, 'attempts' | 'replayedAt'>): number {
  const own = attempts.filter(({ startedAt, outcome }) => startedAt >= replayedAt && outcome !== 'throttled');
  return Math.max(...factoryNames.map((name) => own.filter(({ factory }) => factory === name).length));
}
