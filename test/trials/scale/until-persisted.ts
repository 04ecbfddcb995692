import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from './scale-shop.ts';

const everyMs = 500;
const longestMs = 600_000;

/** Waits until Redis says all of this of its files. @throws Error when it has not within 10 minutes */
export async function untilPersisted(redis: Connection, ...wanted: RegExp[]): Promise<void> {
  for (let waitedMs = 0; waitedMs < longestMs; waitedMs += everyMs) {
    const info = await redis.info('persistence');
    if (wanted.every((each) => each.test(info))) return;
    await sleep(everyMs);
  }
  throw new Error('Redis has not written its file within 10 minutes.');
}
