import type { DatasetLoss, RedisWatch, RestoreProgress } from '@proofbox/ledger';
import type { Readiness } from '@proofbox/runtime';
import type { Journal, Spool } from '@proofbox/outbox';
import { lossNote } from './journal/loss-note.ts';

export type ReadinessOptions = {
  watch: RedisWatch;
  spool: Spool;
  /** undefined: there is none. */
  journal: Journal | undefined;
  loss: DatasetLoss | undefined;
  progress: RestoreProgress | undefined;
};

/**
 * Whether orders may be sent here. Without Redis they may, as long as the spool takes them. When Redis is full they may,
 * too: every ingest would refuse them alike, and this one still answers for the orders that were taken. A Redis that has
 * lost orders is told of, and takes new ones all the same.
 */
export function readiness(options: ReadinessOptions): Readiness {
  const { reasons, notes = [] } = readinessToTake(options);
  const { loss, progress, journal } = options;
  return {
    reasons,
    notes: [
      ...notes,
      ...(loss ? [lossNote(loss, progress)] : []),
      ...(journal?.obstacle === undefined
        ? []
        : [`orders are taken, and Redis has the only copy of them: ${journal.obstacle}`]),
    ],
  };
}

function readinessToTake({ watch, spool }: ReadinessOptions): Readiness {
  const { condition } = watch;
  const obstacle = spool.obstacle();
  switch (condition.state) {
    case 'unknown':
      return { reasons: ['Redis has not answered yet'] };
    case 'unfit':
      return { reasons: condition.reasons };
    case 'away':
      return obstacle === undefined
        ? {
            reasons: [],
            notes: [`spooling: ${spool.orders} orders wait on the local disk for Redis (${condition.why})`],
          }
        : { reasons: [`Redis does not take orders (${condition.why}), and ${obstacle}`] };
    case 'full':
      return { reasons: [], notes: [`refusing new orders: ${condition.why}`] };
    case 'fit':
      return {
        reasons: [],
        notes: [
          ...(spool.orders > 0
            ? [`flushing: ${spool.orders} orders are on their way from the local disk to Redis`]
            : []),
          ...(spool.parked > 0
            ? [`${spool.parked} spooled orders are parked: their key was used for another order`]
            : []),
          ...(obstacle === undefined ? [] : [`while Redis is away no orders would be taken: ${obstacle}`]),
        ],
      };
  }
}
