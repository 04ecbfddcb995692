import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cleanEnvironment } from './environment.ts';
import { freePort, isPortFree } from './stack/free-port.ts';
import { startSettings } from './start/settings.ts';
import { waitUntil } from './process/wait-until.ts';

const portNames = Object.keys(startSettings.shape).filter((name) => name.endsWith('_PORT'));

let dataDir: string;
let ports: Record<string, string>;

beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'proofbox-start-'));
  const free = await Promise.all(portNames.map(async (name) => [name, String(await freePort())]));
  ports = Object.fromEntries(free) as Record<string, string>;
});

afterEach(async () => {
  await rm(dataDir, { recursive: true, force: true });
});

/** Runs `npm start` without npm. */
function start(env: Record<string, string> = {}) {
  // With the most generous umask: what is kept must be private all the same.
  const script = path.join(import.meta.dirname, 'start.ts');
  const child = spawn('sh', ['-c', 'umask 0; exec "$@"', 'sh', process.execPath, script], {
    stdio: 'pipe',
    // No console is built for it: that is not what these tests look at.
    env: cleanEnvironment({ ...ports, DATA_DIR: dataDir, CONSOLE_DIR: dataDir, ...env }),
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data) => (stdout += String(data)));
  child.stderr.on('data', (data) => (stderr += String(data)));
  return {
    child,
    stdout: () => stdout,
    problems: () => stderr.split('\n').filter((line) => line !== '' && !line.includes(': starting ')),
    end: once(child, 'close').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals),
    says: (text: string) =>
      waitUntil(async () => stdout.includes(text) || stderr.includes(text), {
        timeoutMs: 40_000,
        describe: () => `"${text}" was not said, but: ${stdout}\n${stderr}`,
      }),
  };
}

async function openPorts(): Promise<string[]> {
  const open = await Promise.all(
    portNames.map(async (name) => ((await isPortFree(Number(ports[name]))) ? [] : [name])),
  );
  return open.flat();
}

/** What other users of this machine may do with the data folder, or with anything in it: nothing, so that this is empty. */
async function openToOthers(): Promise<string[]> {
  const names = await readdir(dataDir, { recursive: true });
  const modes = ['.', ...names].map(async (name) => {
    const { mode } = await stat(path.join(dataDir, name));
    return (mode & 0o077) === 0 ? [] : [`${name} ${(mode & 0o777).toString(8)}`];
  });
  return (await Promise.all(modes)).flat();
}

/** Does what the printed curl line does, on machines without curl, too. */
async function order(stdout: string): Promise<{ jwt: string }> {
  const command = /^ {2}curl -s -X POST (?<url>\S+) (?<headers>.*) -d '(?<body>.*)'$/m.exec(stdout)!.groups!;
  const headers = [...command.headers!.matchAll(/-H '([^:]+): ([^']+)'/g)].map(
    ([, name, value]) => [name!, value!] as [string, string],
  );
  const reply = await fetch(command.url!, { method: 'POST', headers, body: command.body! });
  return (await reply.json()) as { jwt: string };
}

/** What the admin API says of whoever has this token. */
async function whoAmI(token: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${token}` };
  return (await fetch(`http://127.0.0.1:${ports.ADMIN_PORT}/api/session`, { headers })).json();
}

test('npm start takes orders, starts again what dies, keeps orders and secrets to itself, and leaves nothing running', async () => {
  // As an earlier release would have left it.
  await chmod(dataDir, 0o755);
  await mkdir(path.join(dataDir, 'redis'), { mode: 0o755 });
  const first = start();
  await first.says('Proofbox is ready');
  for (const name of portNames) expect(first.stdout()).toContain(`127.0.0.1:${ports[name]}`);
  const { jwt } = await order(first.stdout());
  expect(jwt.split('.')).toHaveLength(3);

  const token = (await readFile(path.join(dataDir, 'secrets/admin-token'), 'utf8')).trim();
  expect(first.stdout()).toContain(token);
  expect(await whoAmI(token)).toMatchObject({ name: 'admin', role: 'admin' });

  const log = await readFile(path.join(dataDir, 'logs/worker.log'), 'utf8');
  process.kill(Number(/"pid":(\d+)/.exec(log)![1]), 'SIGKILL');
  await first.says('proofbox: worker runs again');
  const secret = await readFile(path.join(dataDir, 'secrets/auth-jwt-secret'), 'utf8');

  expect(await readdir(path.join(dataDir, 'redis/appendonlydir'))).not.toEqual([]);
  expect(await openToOthers()).toEqual([]);

  first.child.kill('SIGTERM');
  expect(await first.end).toBe(0);
  expect(await openPorts()).toEqual([]);

  const second = start();
  await second.says('Proofbox is ready');
  expect(second.stdout()).toContain(token);
  expect(await readFile(path.join(dataDir, 'secrets/auth-jwt-secret'), 'utf8')).toBe(secret);
  const verified = await fetch(`http://127.0.0.1:${ports.INGEST_PORT}/api/order/verify`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jwt }),
  });
  expect(await verified.json()).toMatchObject({ message: 'valid' });
  second.child.kill('SIGINT');
  expect(await second.end).toBe(0);
});

test('bad settings of several apps are told at once, a line each, and nothing is left running', async () => {
  const run = start({ WAIT_MS: 'soon', WORKER_CONCURRENCY: '0' });
  expect(await run.end).toBe(1);
  expect(run.problems().toSorted()).toEqual([
    expect.stringMatching(/^ingest: WAIT_MS is not valid: expected a whole number .*/),
    expect.stringMatching(/^worker: WORKER_CONCURRENCY is not valid: expected a whole number .*/),
  ]);
  expect(await openPorts()).toEqual([]);
});

test('bad settings of its own are told at once, a line each', async () => {
  const run = start({ INGEST_PORT: '70000', REDIS_URL: 'localhost' });
  expect(await run.end).toBe(1);
  expect(run.problems()).toEqual([
    expect.stringMatching(/^proofbox: INGEST_PORT is not valid: /),
    expect.stringMatching(/^proofbox: REDIS_URL is not valid: /),
  ]);
});

test('a port that is in use is told before anything is started', async () => {
  const server = createServer().listen(Number(ports.ADMIN_PORT), '127.0.0.1');
  await once(server, 'listening');
  const run = start();
  expect(await run.end).toBe(1);
  expect(run.problems()).toEqual([
    `proofbox: Port ${ports.ADMIN_PORT} is in use, the admin server needs it: stop what listens there, or set ADMIN_PORT to another port.`,
  ]);
  expect(await openPorts()).toEqual(['ADMIN_PORT']);
  server.close();
});

test('after kill -9 nothing is left running', async () => {
  const run = start();
  await run.says('Proofbox is ready');
  run.child.kill('SIGKILL');
  await waitUntil(async () => (await openPorts()).length === 0, {
    timeoutMs: 20_000,
    describe: () => 'ports are still open',
  });
  expect(await openPorts()).toEqual([]);
});

test('Ctrl-C while it starts gives the start up', async () => {
  const run = start();
  await run.says('starting Redis');
  run.child.kill('SIGINT');
  expect(await run.end).toBe(0);
  expect(run.problems()).toEqual([]);
  expect(await openPorts()).toEqual([]);
});
