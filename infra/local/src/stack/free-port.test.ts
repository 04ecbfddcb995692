import { createServer } from 'node:net';
import { once } from 'node:events';
import { expect, onTestFinished, test, vi } from 'vitest';
import { freePort, isPortFree } from './free-port.ts';

test('a port is never handed out twice, and outgoing connections never take it', async () => {
  const ports = await Promise.all(Array.from({ length: 200 }, () => freePort()));
  expect(new Set(ports).size).toBe(ports.length);
  expect(Math.min(...ports)).toBeGreaterThanOrEqual(15_000);
  expect(Math.max(...ports)).toBeLessThan(30_000);
});

test('processes that run tests side by side are handed out different ports', async () => {
  onTestFinished(() => void vi.unstubAllEnvs());
  const portsOf = async (pool: string): Promise<number[]> => {
    vi.stubEnv('VITEST_POOL_ID', pool);
    return Promise.all(Array.from({ length: 50 }, () => freePort()));
  };
  const [first, second] = [await portsOf('1'), await portsOf('2')];
  expect(second.every((port) => port > Math.max(...first))).toBe(true);
});

test('a port that somebody listens on is not free, and is free again afterwards', async () => {
  const port = await freePort();
  expect(await isPortFree(port)).toBe(true);
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  expect(await isPortFree(port)).toBe(false);
  server.close();
  await once(server, 'close');
  expect(await isPortFree(port)).toBe(true);
});
