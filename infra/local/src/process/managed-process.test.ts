import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, expect, test, vi } from 'vitest';
import { freePort } from '../stack/free-port.ts';
import { ProcessStartError, startProcess, type ProcessOptions } from './managed-process.ts';
import { waitUntil } from './wait-until.ts';

afterEach(() => void vi.useRealTimers());

async function appOptions(env: Record<string, string> = {}): Promise<ProcessOptions> {
  const port = await freePort();
  return {
    name: 'app',
    script: path.join(import.meta.dirname, '../fixtures/app.ts'),
    env: { PORT: String(port), ...env },
    readyUrl: `http://127.0.0.1:${port}/readyz`,
  };
}

async function environmentOf(url: string): Promise<Record<string, string>> {
  const response = await fetch(`${url}/environment`);
  return (await response.json()) as Record<string, string>;
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

test('it is ready when it answers, and its environment is what it was given and no more', async () => {
  await using app = await startProcess(await appOptions({ FLOUR: 'spelt' }));
  const environment = await environmentOf(app.url);
  expect(environment).toMatchObject({ FLOUR: 'spelt' });
  expect(Object.keys(environment).toSorted()).toEqual([
    'FLOUR',
    'HOME',
    'NODE_COMPILE_CACHE',
    'PATH',
    'PORT',
  ]);
  expect(app.logs()).toContain('listening');
});

test('one that dies early is reported with its own last lines', async () => {
  const failure = await startProcess(await appOptions({ DIE_WITH: 'PORT is not valid' })).catch(
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(ProcessStartError);
  expect(failure).toMatchObject({
    process: 'app',
    lines: ['app: PORT is not valid'],
    message: 'app ended before it was ready (exit code 3)\n  app: PORT is not valid',
  });
});

test('one that never gets ready is reported with its last answer, and does not go on', async () => {
  // The clock moves when the app has answered, however long that takes on a busy machine.
  vi.useFakeTimers({ toFake: ['performance'] });
  const options = await appOptions({ NEVER_READY: 'yes' });
  const failure = startProcess({
    ...options,
    readyTimeoutMs: 500,
    onLine: (line) => line === 'not ready' && vi.advanceTimersByTime(501),
  });
  await expect(failure).rejects.toThrow(
    /^app was not ready after 0.5 s: .*\/readyz answered 503 the oven is cold/,
  );
  await expect(fetch(options.readyUrl)).rejects.toThrow('fetch failed');
});

test('a port that is taken is reported before anything is started', async () => {
  const options = await appOptions();
  await using first = await startProcess(options);
  await expect(startProcess(options)).rejects.toThrow(/^app cannot start: port \d+ is in use$/);
  expect(first.logs()).toBe('listening');
});

test('a start can be given up', async () => {
  const options = await appOptions({ NEVER_READY: 'yes' });
  const givingUp = new AbortController();
  const failure = startProcess({ ...options, signal: givingUp.signal, onLine: () => givingUp.abort() });
  await expect(failure).rejects.toThrow('app was given up before it was ready');
});

test('after kill -9 it can be restarted, with more environment, on the same port', async () => {
  await using app = await startProcess(await appOptions({ FLOUR: 'spelt' }));
  const { pid, url } = app;
  app.kill('SIGKILL');
  expect(await app.exited).toEqual({ code: null, signal: 'SIGKILL' });

  await app.restart({ YEAST: 'fresh' });
  expect(app.pid).not.toBe(pid);
  expect(await environmentOf(url)).toMatchObject({ FLOUR: 'spelt', YEAST: 'fresh' });
});

test('stop asks first and kills after the deadline', async () => {
  const polite = await startProcess(await appOptions());
  expect(await polite.stop()).toEqual({ code: null, signal: 'SIGTERM' });

  const deadlineMs = 60_000;
  const stubborn = await startProcess({
    ...(await appOptions({ IGNORE_SIGTERM: 'yes' })),
    stopDeadlineMs: deadlineMs,
    // Its deadline comes when it has been asked.
    onLine: (line) => line === 'ignoring SIGTERM' && vi.advanceTimersByTime(deadlineMs),
  });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  expect(await stubborn.stop()).toEqual({ code: null, signal: 'SIGKILL' });
  vi.useRealTimers();
  expect(stubborn.logs()).toContain('ignoring SIGTERM');
  expect(await stubborn.stop()).toEqual({ code: null, signal: 'SIGKILL' });
});

test('a frozen one stops in order', async () => {
  const app = await startProcess(await appOptions());
  app.kill('SIGSTOP');
  expect(await app.stop()).toEqual({ code: null, signal: 'SIGTERM' });
});

test('one that is disposed cannot be restarted', async () => {
  const app = await startProcess(await appOptions());
  await app[Symbol.asyncDispose]();
  await expect(app.restart()).rejects.toThrow('app is closed');
});

test('its output goes to a log file that outlives a restart, and line by line to a listener', async () => {
  const dir = await mkdtemp(path.join(tmpdir(), 'proofbox-log-'));
  const logFile = path.join(dir, 'deep/app.log');
  const lines: string[] = [];
  {
    await using app = await startProcess({
      ...(await appOptions()),
      logFile,
      onLine: (line) => lines.push(line),
    });
    await app.restart();
  }
  expect(lines).toEqual(['listening', 'listening']);
  expect(await readFile(logFile, 'utf8')).toBe('listening\nlistening\n');
  await rm(dir, { recursive: true });
});

test.for(['SIGKILL', 'SIGTERM'] as const)('it does not outlive a parent that dies of %s', async (signal) => {
  const parent = spawn(process.execPath, [path.join(import.meta.dirname, '../fixtures/parent.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [url] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
  expect(await answers(url)).toBe(true);
  parent.kill(signal);
  await waitUntil(async () => !(await answers(url)), {
    timeoutMs: 30_000,
    describe: () => `${url} still answers`,
  });
});
