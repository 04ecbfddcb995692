import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readSettings, type SettingsError, StartError } from '@proofbox/runtime';
import { expect, test } from 'vitest';
import { settings } from './settings.ts';
import { pizzaOrder, startSim } from './sim-under-test.ts';

test('a start whose control port is taken fails in one clear line and closes the factory again', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  const free = createServer().listen(0, '127.0.0.1');
  await Promise.all([once(taken, 'listening'), once(free, 'listening')]);
  const [takenPort, freePort] = [taken, free].map((server) => (server.address() as AddressInfo).port);
  free.close();
  await once(free, 'close');

  const ports = { PORT: String(freePort), CONTROL_PORT: String(takenPort) };
  await expect(startSim(ports)).rejects.toThrow(StartError);
  taken.close();
  await once(taken, 'close');
  await using sim = await startSim(ports);
  expect((await sim.order(pizzaOrder(1))).status).toBe(200);
});

test('the settings name every variable that is missing or bad, and repeat no value', () => {
  const environment = { PORT: '1', API_KEYS: ' , ', KEY_BITS: '1024', LATENCY_MS: 'soon' };
  let problems: readonly string[] = [];
  try {
    readSettings(settings, environment);
  } catch (error) {
    problems = (error as SettingsError).problems;
  }
  expect(problems.map((line) => line.split(' ')[0])).toEqual([
    'CONTROL_PORT',
    'API_KEYS',
    'KEY_FILE',
    'KEY_BITS',
    'LATENCY_MS',
  ]);
  expect(problems.join()).not.toMatch(/1024|soon/);
});

test('a healthy factory takes 20 ms, a full oven 32 s, and a key has 4096 bits, unless told otherwise', () => {
  const environment = { PORT: '1', CONTROL_PORT: '2', API_KEYS: 'a, b', KEY_FILE: 'key' };
  expect(readSettings(settings, environment)).toMatchObject({
    HOST: '127.0.0.1',
    FACTORY_NAME: 'factory',
    API_KEYS: ['a', 'b'],
    KEY_BITS: 4096,
    LATENCY_MS: 20,
    OVEN_FULL_MS: 32_000,
  });
});
