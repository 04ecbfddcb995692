import type { RedisWatch } from '@proofbox/ledger';
import type { Readiness } from '@proofbox/runtime';
import type { Outbox } from '@proofbox/outbox';

export type ReadinessOptions = {
  watch: RedisWatch;
  outbox: Pick<Outbox, 'orders' | 'lossNote'>;
};

/**
 * Whether orders may be sent here. Without Redis they may, as long as the outbox takes them. When Redis is full they may,
 * too: every ingest would refuse them alike, and this one still answers for the orders that were taken. A Redis that has
 * lost orders is reported, and takes new ones all the same.
 */
export function readiness(options: ReadinessOptions): Readiness {
  const { reasons, notes = [] } = readinessToTake(options);
  const { lossNote, orders } = options.outbox;
  const { copyObstacle } = orders;
  return {
    reasons,
    notes: [
      ...notes,
      ...(lossNote === undefined ? [] : [lossNote]),
      ...(copyObstacle === undefined
        ? []
        : [`orders are taken, and Redis has the only copy of them: ${copyObstacle}`]),
    ],
  };
}

function readinessToTake({ watch, outbox: { orders } }: ReadinessOptions): Readiness {
  const { condition } = watch;
  const obstacle = orders.obstacle();
  const [undelivered, conflicted] = [orders.count('undelivered'), orders.count('conflicted')];
  switch (condition.state) {
    case 'unknown':
      return { reasons: ['Redis has not answered yet'] };
    case 'unfit':
      return { reasons: condition.reasons };
    case 'away':
      return obstacle === undefined
        ? {
            reasons: [],
            notes: [`undelivered: ${undelivered} orders wait on the local disk for Redis (${condition.why})`],
          }
        : { reasons: [`Redis does not take orders (${condition.why}), and ${obstacle}`] };
    case 'full':
      return { reasons: [], notes: [`refusing new orders: ${condition.why}`] };
    case 'fit':
      return {
        reasons: [],
        notes: [
          ...(undelivered > 0
            ? [`flushing: ${undelivered} orders are on their way from the local disk to Redis`]
            : []),
          ...(conflicted > 0
            ? [`${conflicted} orders of the outbox are conflicted: see \`proofbox outbox show\``]
            : []),
          ...(obstacle === undefined ? [] : [`if Redis goes away, ingest will take no orders: ${obstacle}`]),
        ],
      };
  }
}
