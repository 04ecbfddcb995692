import { once } from 'node:events';
import { createServer } from 'node:net';
import { readSettings } from '@proofbox/runtime';
import { expect, test } from 'vitest';
import { freePort } from '../stack/free-port.ts';
import { portProblems } from './port-check.ts';
import { startSettings, type StartSettings } from './settings.ts';

async function freeSettings(given: Record<string, string> = {}): Promise<StartSettings> {
  const ports = Object.keys(startSettings.shape).filter((name) => name.endsWith('_PORT'));
  const free = await Promise.all(ports.map(async (name) => [name, String(await freePort())]));
  return readSettings(startSettings, { ...Object.fromEntries(free), ...given });
}

test('free ports are no problem', async () => {
  expect(await portProblems(await freeSettings())).toEqual([]);
});

test('every port that is in use gets a line with the service and the variable', async () => {
  const server = createServer().listen(await freePort(), '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const settings = await freeSettings({ WORKER_PORT: String(port), REDIS_PORT: String(port + 1) });
  expect(await portProblems(settings)).toEqual([
    `Port ${port} is in use, the worker needs it: stop what listens there, or set WORKER_PORT to another port.`,
  ]);
  server.close();
});

test('one port for two services is a problem', async () => {
  const settings = await freeSettings({ ADMIN_PORT: '15999', WORKER_PORT: '15999' });
  expect(await portProblems(settings)).toEqual([
    'ADMIN_PORT and WORKER_PORT are both 15999: give one of them another port.',
  ]);
});

test('with a REDIS_URL the port of a Redis of ours does not matter', async () => {
  const settings = await freeSettings({
    REDIS_URL: 'redis://127.0.0.1:6379',
    INGEST_PORT: '15998',
    REDIS_PORT: '15998',
  });
  expect(await portProblems(settings)).toEqual([]);
});
