import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { apiKey, pizzaOrder } from './sim-under-test.ts';

type Running = { child: ChildProcess; output: () => string; port: number; controlPort: number };

let directory: string;
let children: ChildProcess[];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'factory-main-'));
  children = [];
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(directory, { recursive: true });
});

async function runMain(): Promise<Running> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
    env: {
      PORT: '0',
      CONTROL_PORT: '0',
      API_KEYS: apiKey,
      KEY_FILE: join(directory, 'key.json'),
      KEY_BITS: '2048',
      LOG_LEVEL: 'trace',
    },
  });
  children.push(child);
  let output = '';
  child.stdout.on('data', (text) => (output += String(text)));
  child.stderr.on('data', (text) => (output += String(text)));
  await vi.waitFor(() => expect(output).toContain('factory open'), { timeout: 10_000 });
  const opened = JSON.parse(output.split('\n').find((line) => line.includes('factory open'))!) as Running;
  return { child, output: () => output, port: opened.port, controlPort: opened.controlPort };
}

function post(sim: Running, body: string, key: string = apiKey): Promise<Response> {
  return fetch(`http://127.0.0.1:${sim.port}/api/order`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body,
  });
}

function setFault(sim: Running, fault: object): Promise<Response> {
  return fetch(`http://127.0.0.1:${sim.controlPort}/fault`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fault),
  });
}

test('the process logs no diner, no api key, no end-chaos link, and stops at once while an order hangs', async () => {
  const sim = await runMain();
  const order = JSON.stringify(pizzaOrder(1));
  expect((await post(sim, order)).status).toBe(200);
  expect((await post(sim, order, 'unknown-key')).status).toBe(401);
  expect((await post(sim, `${order}d@jwt.com`)).status).toBe(500);
  await setFault(sim, { kind: 'fail', orderMatching: 'Veggie' });
  const { reportUrl } = (await (await post(sim, order)).json()) as { reportUrl: string };
  await fetch(reportUrl);
  await setFault(sim, { kind: 'hang', times: 1 });
  const hanging = post(sim, order).catch(() => 'broken');
  await vi.waitFor(() => expect(sim.output()).toContain('after so many orders'), 30_000);

  const exited = once(sim.child, 'exit');
  sim.child.kill('SIGTERM');
  // With another code, had it waited for what hangs.
  expect(await exited).toEqual([0, null]);
  expect(await hanging).toBe('broken');
  expect(sim.output()).toContain('stopped');
  expect(sim.output()).not.toMatch(/d@jwt\.com|pizza diner|Veggie|unknown-key|api\/support|eyJ/);
  expect(sim.output()).not.toContain(apiKey);
});

test('a receipt from before a restart still verifies after it', async () => {
  const before = await runMain();
  const { jwt } = (await (await post(before, JSON.stringify(pizzaOrder(1)))).json()) as { jwt: string };
  before.child.kill('SIGKILL');
  const after = await runMain();
  const verified = await fetch(`http://127.0.0.1:${after.port}/api/order/verify`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jwt }),
  });
  expect(verified.status).toBe(200);
});
