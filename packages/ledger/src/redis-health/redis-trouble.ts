import { isDatabaseRefused } from './database-check.ts';

/** Redis cannot be asked now, or did not answer in time: what was asked of it may have happened all the same. */
export class RedisAwayError extends Error {
  override readonly name = 'RedisAwayError';
}

/**
 * Why something failed, where that is because of Redis and not because of what was asked.
 * - `away`: there is no connection, or no answer in time, or Redis cannot do anything now; it ends by itself
 * - `read_only`: what answers is no primary any more, or not yet: another one may be at the same address
 * - `unfit`: Redis answers, and refuses us; it does until a setting is changed
 */
export type RedisTrouble = 'away' | 'read_only' | 'unfit';

/** What ioredis says when there is no connection, or no answer in time. It has no classes for these. */
const awayMessages =
  /^(?:Command timed out|Connection is closed|Socket timeout|Stream isn't writeable|connect (?:ECONNREFUSED|ETIMEDOUT)|Reached the max retries)/;

/** What Redis itself says. `CLUSTERDOWN The cluster is down` ends by itself, a slot that nobody serves does not. */
const refusals: Record<RedisTrouble, RegExp> = {
  unfit:
    /^(?:NOPERM|NOAUTH|WRONGPASS|DENIED|MOVED|ASK|CROSSSLOT|CLUSTERDOWN Hash slot not served|ERR The user executing the script)\b/,
  read_only: /^(?:READONLY|LOADING|MASTERDOWN|UNBLOCKED) /,
  away: /^(?:BUSY|OOM|MISCONF|CLUSTERDOWN|NOREPLICAS|TRYAGAIN|ERR max number of clients) /,
};

export function redisTroubleOf(error: unknown): RedisTrouble | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof RedisAwayError) return 'away';
  if (isDatabaseRefused(error)) return 'unfit';
  const code = 'code' in error ? String(error.code) : '';
  if (/^(?:ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|ENOTFOUND)/.test(code) || awayMessages.test(error.message))
    return 'away';
  const kinds = Object.entries(refusals) as [RedisTrouble, RegExp][];
  const refused = kinds.find(([, pattern]) => pattern.test(error.message));
  return refused ? refused[0] : redisTroubleOf(error.cause);
}

/** Whether something failed because Redis is away, or not fit, and not because of what was asked. */
export function isRedisTrouble(error: unknown): boolean {
  return redisTroubleOf(error) !== undefined;
}
