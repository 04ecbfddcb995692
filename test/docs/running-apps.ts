import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLogger, readSettings } from '@proofbox/runtime';
import type { z } from 'zod';
import { importSource } from './import-source.ts';
import { recordMetrics, type Metric } from './record-metrics.ts';

/** What a running process says of itself. */
export type RunningApp = { name: string; metrics: Metric[]; openApi: unknown };

type Start = (
  settings: unknown,
  logger: unknown,
  leave: () => void,
  stopping: AbortSignal,
) => Promise<AsyncDisposable & { port: number }>;

const apps = [
  { name: 'ingest', settings: 'ingestSettings', start: 'startIngest' },
  { name: 'worker', settings: 'workerSettings', start: 'startWorker' },
  { name: 'admin', settings: 'adminSettings', start: 'startAdmin' },
];

/** Starts each server in this process, one after the other, asks it, and closes it again. */
export async function askApps(redisUrl: string): Promise<RunningApp[]> {
  await using opened = new AsyncDisposableStack();
  const folder = opened.adopt(await mkdtemp(path.join(tmpdir(), 'proofbox-docs-')), (each) =>
    rm(each, { recursive: true }),
  );
  const environment = {
    PORT: '0',
    REDIS_URL: redisUrl,
    REDIS_KEY_TAG: `docs-${crypto.randomUUID()}`,
    OUTBOX_DIR: path.join(folder, 'outbox'),
    FACTORY_KEYS_DIR: path.join(folder, 'keys'),
    AUTH_JWT_SECRET: 'a secret that nothing is signed with',
    // No factory is there, and none is asked.
    FACTORY_PRIMARY_URL: 'http://127.0.0.1:9',
    FACTORY_PRIMARY_API_KEY: 'none',
  };
  const asked: RunningApp[] = [];
  for (const app of apps) asked.push(await askApp(app, environment));
  return asked;
}

async function askApp(app: (typeof apps)[number], environment: Record<string, string>): Promise<RunningApp> {
  const { [app.settings]: schema } = await importSource<Record<string, z.ZodObject>>(
    `apps/${app.name}/src/settings.ts`,
  );
  const { [app.start]: start } = await importSource<Record<string, Start>>(`apps/${app.name}/src/start.ts`);
  using recorded = recordMetrics();
  const logger = createLogger({ service: app.name, level: 'silent', keys: [] });
  await using running = await start!(
    readSettings(schema!, environment),
    logger,
    () => {},
    new AbortController().signal,
  );
  const reply = await fetch(`http://127.0.0.1:${running.port}/openapi.json`);
  return { name: app.name, metrics: recorded.metrics, openApi: reply.ok ? await reply.json() : undefined };
}
