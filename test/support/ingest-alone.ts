import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort, signDinerToken, startProcess } from '@proofbox/local';
import { createShopper, type Shopper } from './shopper.ts';

export type LoneIngest = AsyncDisposable & { url: string; diner: Shopper; logs: () => string };

/** An ingest without a shop around it, ready or not. */
export async function startIngestAlone(env: Record<string, string>): Promise<LoneIngest> {
  const dir = await mkdtemp(path.join(tmpdir(), 'proofbox-ingest-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const secret = 'the secret of the login service';
  const process = await startProcess({
    name: 'ingest',
    script: path.join(import.meta.dirname, '../../apps/ingest/dist/main.js'),
    readyUrl: `${url}/healthz`,
    env: {
      PORT: String(port),
      AUTH_JWT_SECRET: secret,
      FACTORY_PRIMARY_URL: 'http://127.0.0.1:1',
      WAIT_MS: '0',
      SHUTDOWN_PAUSE_MS: '0',
      OUTBOX_DIR: path.join(dir, 'outbox'),
      FACTORY_KEYS_DIR: path.join(dir, 'factory-keys'),
      ...env,
    },
  });
  return {
    url,
    diner: createShopper({ url, token: await signDinerToken({ id: 2, name: 'pizza diner' }, secret) }),
    logs: () => process.logs(),
    async [Symbol.asyncDispose]() {
      await process[Symbol.asyncDispose]();
      await rm(dir, { recursive: true });
    },
  };
}
