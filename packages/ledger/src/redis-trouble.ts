import { RedisAwayError } from './redis-watch.ts';

/** What ioredis says when there is no connection, or no answer in time. It has no classes for these. */
const awayMessages =
  /^(?:Command timed out|Connection is closed|Stream isn't writeable|connect (?:ECONNREFUSED|ETIMEDOUT)|Reached the max retries)/;

/** What Redis itself says when it cannot do what it is asked for now. */
const refusals = /^(?:LOADING|BUSY|OOM|READONLY|MISCONF|MASTERDOWN|CLUSTERDOWN|NOREPLICAS|TRYAGAIN) /;

/** Whether something failed because Redis is away, or not fit, and not because of what was asked. */
export function isRedisTrouble(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof RedisAwayError) return true;
  if ('code' in error && /^(?:ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|ENOTFOUND)/.test(String(error.code)))
    return true;
  return awayMessages.test(error.message) || refusals.test(error.message) || isRedisTrouble(error.cause);
}
