import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { freePort } from '../stack/free-port.ts';
import { startProcess } from '../process/managed-process.ts';
import { appScript, type AppName } from '../repository.ts';

let elsewhere: string;
beforeAll(async () => {
  elsewhere = await mkdtemp(path.join(tmpdir(), 'proofbox-built-'));
});
afterAll(() => rm(elsewhere, { recursive: true, force: true }));

const environments: [AppName, Record<string, string>][] = [
  ['ingest', { AUTH_JWT_SECRET: 'a-secret-of-a-login', FACTORY_PRIMARY_URL: 'http://127.0.0.1:9' }],
  ['worker', { FACTORY_PRIMARY_API_KEY: 'a-key-of-a-factory', FACTORY_PRIMARY_URL: 'http://127.0.0.1:9' }],
  ['admin', {}],
];

test.each(environments)('%s as it was built runs where there is nothing but Node.js', async (app, env) => {
  const folder = path.join(elsewhere, app);
  await cp(path.dirname(appScript(app)), folder, { recursive: true });
  const port = await freePort();
  await using process = await startProcess({
    name: app,
    script: path.join(folder, 'main.js'),
    readyUrl: `http://127.0.0.1:${port}/readyz`,
    env: {
      ...env,
      PORT: String(port),
      REDIS_URL: inject('redisUrl'),
      REDIS_KEY_TAG: `built-${app}`,
      OUTBOX_DIR: path.join(elsewhere, 'outbox'),
      FACTORY_KEYS_DIR: path.join(elsewhere, 'keys'),
      SHUTDOWN_PAUSE_MS: '0',
    },
  });
  expect((await fetch(`${process.url}/metrics`)).status).toBe(200);
});
