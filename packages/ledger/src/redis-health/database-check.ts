import { Redis, ReplyError } from 'ioredis';
import { databaseOf } from '../redis/names.ts';

const answerWithinMs = 1_000;

/**
 * Looks whether Redis has the database that the URL names. ioredis would go on in database 0, among the orders of another shop.
 * @returns what is wrong with REDIS_URL; undefined where nothing is, or where Redis cannot be asked now
 */
export async function databaseProblem(redisUrl: string): Promise<string | undefined> {
  // Every server has the first one.
  if (databaseOf(redisUrl) === 0) return undefined;
  const redis = new Redis(redisUrl, {
    lazyConnect: true,
    connectTimeout: answerWithinMs,
    commandTimeout: answerWithinMs,
    retryStrategy: () => null,
  });
  let problem: string | undefined;
  redis.on('error', (error) => {
    if (isDatabaseRefused(error))
      problem = `REDIS_URL is not valid: expected the number of a database that Redis has (it says: ${error.message})`;
  });
  await redis.connect().catch(() => {});
  redis.disconnect();
  return problem;
}

/** Whether Redis refused to change to the database of the connection. */
export function isDatabaseRefused(error: unknown): boolean {
  if (!(error instanceof ReplyError)) return false;
  return (error as { command?: { name?: string } }).command?.name === 'select';
}
