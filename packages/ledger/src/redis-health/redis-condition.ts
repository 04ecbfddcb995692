import { durabilityProblems } from './durability.ts';
import type { RedisFacts } from './redis-facts.ts';

/**
 * What Redis is good for at the moment.
 * - `unknown`: not asked yet
 * - `fit`: takes orders and keeps them
 * - `away`: does not take any now; what was accepted will be there when it is back
 * - `full`: so near its memory limit that it takes no new orders; everything else goes on
 * - `unfit`: would take orders and might lose them, or refuses us something; `reasons` has a sentence for each thing,
 *   with what to do
 */
export type RedisCondition =
  | { state: 'unknown' }
  | { state: 'fit' }
  | { state: 'away'; why: string }
  | { state: 'full'; why: string }
  | { state: 'unfit'; reasons: string[] };

export type RedisRules = {
  /** The operator warrants that Redis keeps what it acknowledges. */
  isTrusted: boolean;
  minReplicas: number;
};

/** Redis starts to refuse writes at its limit, also those that finish what was begun; new orders stop before. */
const fullFrom = 0.9;

/** @param wasFit whether this Redis has been fit before: then a replica is a failover, and not the wrong address */
export function conditionFrom(facts: RedisFacts, rules: RedisRules, wasFit: boolean): RedisCondition {
  if (facts.isLoading) return { state: 'away', why: 'Redis is loading its file' };
  if (facts.role === 'sentinel')
    return {
      state: 'unfit',
      reasons: ['Redis is a Sentinel and has no orders: set REDIS_URL to the address of the primary.'],
    };
  if (facts.role !== 'master') {
    return wasFit
      ? { state: 'away', why: 'Redis is read-only: it is a replica now' }
      : {
          state: 'unfit',
          reasons: ['Redis is a replica and takes no writes: set REDIS_URL to the address of the primary.'],
        };
  }
  if (facts.connectedReplicas < rules.minReplicas) {
    const why = `Redis has ${facts.connectedReplicas} of the ${rules.minReplicas} replicas of REDIS_MIN_REPLICAS`;
    return { state: 'away', why };
  }
  const reasons = rules.isTrusted ? [] : durabilityProblems(facts);
  if (reasons.length > 0) return { state: 'unfit', reasons };
  const ratio = memoryUsedRatio(facts);
  if (ratio <= fullFrom) return { state: 'fit' };
  return { state: 'full', why: `Redis uses ${Math.floor(ratio * 100)} % of its maxmemory: raise it` };
}

/**
 * The same, given what Redis refuses us, a sentence each. A Redis that is away may be another one when it is back, and
 * refuses us nothing then.
 */
export function withRefusals(condition: RedisCondition, refusals: readonly string[]): RedisCondition {
  if (refusals.length === 0 || condition.state === 'away') return condition;
  const reasons = condition.state === 'unfit' ? condition.reasons : [];
  return { state: 'unfit', reasons: [...new Set([...refusals, ...reasons])] };
}

/** Why nothing can be done with Redis now, as `/readyz` says it; nothing where work goes on. */
export function redisObstacles(condition: RedisCondition): string[] {
  if (condition.state === 'unknown') return ['Redis has not answered yet'];
  if (condition.state === 'away') return [`Redis does not answer (${condition.why})`];
  return condition.state === 'unfit' ? condition.reasons : [];
}

/** Of `maxmemory`; 0 where Redis has no limit. */
export function memoryUsedRatio({ usedMemoryBytes, maxMemoryBytes }: RedisFacts): number {
  return maxMemoryBytes > 0 ? usedMemoryBytes / maxMemoryBytes : 0;
}
