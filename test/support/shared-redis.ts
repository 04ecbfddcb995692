import { buildApps, ensureRedis } from '@proofbox/local';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** A real Redis for the whole run; each test keeps to a key tag of its own. */
    redisUrl: string;
  }
}

/** Builds the apps, once for all processes of the run, and opens its Redis: REDIS_URL, else a server on the PATH, else a container; `TEST_REDIS=container` insists on the last. */
export default async function openSharedRedis(project: TestProject): Promise<() => Promise<void>> {
  await buildApps();
  project.onTestsRerun(buildApps);
  // oxlint-disable-next-line node/no-process-env -- how whoever runs the tests chooses their Redis
  const { REDIS_URL, TEST_REDIS } = process.env;
  const redis = await ensureRedis({
    ...(REDIS_URL !== undefined && TEST_REDIS !== 'container' && { redisUrl: REDIS_URL }),
    ...(TEST_REDIS === 'container' && { via: 'container' }),
    say: (line) => process.stderr.write(`${line}\n`),
  });
  project.provide('redisUrl', redis.url);
  return async () => redis[Symbol.asyncDispose]();
}
