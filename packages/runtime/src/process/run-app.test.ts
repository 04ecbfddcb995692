import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';

/** A real process of a server of ours. */
type Running = {
  /** Resolves when it has ended and all its output is read. */
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** The lines it logged that say this. */
  logged(message: string): Record<string, unknown>[];
  stdout(): string;
  stderr(): string;
  signal(name: NodeJS.Signals): void;
  /** Writes to its standard input. */
  type(text: string): void;
  /** Waits until it has logged this line, and gives it back. */
  until(message: string): Promise<Record<string, unknown>>;
};

const complete = { PORT: '0', SECRET: 'a-secret-of-enough-letters' };

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function run(environment: Record<string, string>, stopDeadlineMs = 60_000): Running {
  const script = new URL('fixtures/app.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [script, String(stopDeadlineMs)], { env: environment });
  children.push(child);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text) => (stdout += String(text)));
  child.stderr.on('data', (text) => (stderr += String(text)));
  const logged = (message: string) =>
    stdout
      .split('\n')
      .filter((line) => line.endsWith('}'))
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter((line) => line['msg'] === message);
  return {
    exited: once(child, 'close').then(([code, signal]) => ({ code, signal })),
    stdout: () => stdout,
    stderr: () => stderr,
    logged,
    signal: (name) => void child.kill(name),
    type: (text) => void child.stdin.write(text),
    until: (message) =>
      vi.waitFor(() => logged(message)[0] ?? Promise.reject(new Error(`not yet: ${message}; ${stderr}`)), {
        timeout: 20_000,
      }),
  };
}

describe('a process that cannot start', () => {
  test('for bad settings says all of them, a line each, without their values, and exits 1', async () => {
    const app = run({ PORT: 'hunter2', SECRET: 'hunter2', LOG_LEVEL: 'hunter2' });
    expect(await app.exited).toEqual({ code: 1, signal: null });
    expect(app.stderr().split('\n')).toEqual([
      'fixture: PORT is not valid: expected a whole number from 0 to 65535',
      'fixture: LOG_LEVEL is not valid: expected one of fatal, error, warn, info, debug, trace, silent',
      'fixture: SECRET is not valid: expected at least 16 characters',
      '',
    ]);
    expect(app.stdout()).toBe('');
  });

  test('for a port in use says so in one line and exits 1', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const app = run({ ...complete, PORT: String(port) });
    expect(await app.exited).toEqual({ code: 1, signal: null });
    other.close();
    expect(app.stderr()).toBe(
      `fixture: Port ${port} on 127.0.0.1 is in use: stop what listens there, or set another PORT.\n`,
    );
  });

  test('for a host that is not its own says so in one line and exits 1', async () => {
    const app = run({ ...complete, HOST: '192.0.2.1' });
    expect(await app.exited).toEqual({ code: 1, signal: null });
    expect(app.stderr()).toMatch(/^fixture: HOST 192\.0\.2\.1 is not an address of this machine: [^\n]+\n$/);
  });

  test('for a bug says where it is, without personal data, and exits 1', async () => {
    const app = run({ ...complete, START: 'bug' });
    expect(await app.exited).toEqual({ code: 1, signal: null });
    expect(app.stderr()).toMatch(/^fixture: TypeError: no oven for \[e-mail\]\n +at .*fixtures\/app\.ts/);
  });
});

describe('a process that runs', () => {
  test('lets no other user of the machine read what it writes to the disk', async () => {
    expect(await run(complete).until('started')).toMatchObject({ umask: 0o077 });
  });

  test.for(['SIGTERM', 'SIGINT'] as const)('closes everything on %s and exits 0', async (signal) => {
    const app = run(complete);
    const { port } = await app.until('started');
    expect((await fetch(`http://127.0.0.1:${String(port)}/readyz`)).status).toBe(200);
    app.signal(signal);
    expect(await app.exited).toEqual({ code: 0, signal: null });
    expect(app.logged('stopping')).toMatchObject([{ signal }]);
    expect(app.logged('closed')).toHaveLength(1);
    expect(app.logged('stopped')).toHaveLength(1);
    expect(app.stderr()).toBe('');
  });

  test('is not ready from SIGTERM on, and serves new connections until its pause is over', async () => {
    const app = run({ ...complete, PAUSE_MS: '60000' });
    const { port } = await app.until('started');
    app.signal('SIGTERM');
    await app.until('stopping');
    const url = `http://127.0.0.1:${String(port)}`;
    for (let i = 0; i < 3; i += 1) {
      const ready = await fetch(`${url}/readyz`);
      expect([ready.status, ready.headers.get('connection')]).toEqual([503, 'close']);
      expect(await ready.json()).toMatchObject({ reasons: [expect.stringMatching(/stopping/)] });
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
    }
    expect(app.logged('closed')).toEqual([]);
    app.signal('SIGTERM');
    expect(await app.exited).toEqual({ code: 1, signal: null });
  });

  test('closes in order after its pause, which Ctrl-C does without', async () => {
    const paused = run({ ...complete, PAUSE_MS: '500' }, 100);
    const interrupted = run({ ...complete, PAUSE_MS: '60000' });
    await Promise.all([paused.until('started'), interrupted.until('started')]);
    paused.signal('SIGTERM');
    interrupted.signal('SIGINT');
    for (const app of [paused, interrupted]) {
      expect(await app.exited).toEqual({ code: 0, signal: null });
      expect(app.logged('closed')).toHaveLength(1);
    }
  });

  test('closes what it opened also when the signal came while it started', async () => {
    const app = run({ ...complete, START: 'when told' });
    await app.until('starting');
    app.signal('SIGTERM');
    await app.until('stopping');
    app.type('go on');
    expect(await app.exited).toEqual({ code: 0, signal: null });
    expect(app.logged('closed')).toHaveLength(1);
  });

  test('that cannot go on closes everything, and exits with a code that asks for a fresh one', async () => {
    const app = run({ ...complete, START: 'leave later' });
    expect(await app.exited).toEqual({ code: 70, signal: null });
    expect(app.logged('stopping')).toMatchObject([{ by: 'itself' }]);
    expect(app.logged('closed')).toHaveLength(1);
    expect(app.logged('stopped')).toHaveLength(1);
  });

  test('ends at once on a second signal, while its stop hangs', async () => {
    const app = run({ ...complete, STOP: 'hang' });
    await app.until('started');
    app.signal('SIGTERM');
    await app.until('closed');
    app.signal('SIGINT');
    expect(await app.exited).toEqual({ code: 1, signal: null });
    expect(app.logged('did not stop in time')).toEqual([]);
  });

  test('ends by its deadline when its stop hangs, and says so', async () => {
    const app = run({ ...complete, STOP: 'hang' }, 300);
    await app.until('started');
    app.signal('SIGTERM');
    expect(await app.exited).toEqual({ code: 1, signal: null });
    expect(app.logged('did not stop in time')).toMatchObject([{ stopDeadlineMs: 300 }]);
    expect(app.logged('stopped')).toEqual([]);
  });

  test.for([
    ['crashes', { START: 'crash later' }, 'started'],
    ['cannot close what it opened', { STOP: 'bug' }, 'closed'],
  ] as const)('ends with a fatal line and without personal data when it %s', async ([, how, last]) => {
    const app = run({ ...complete, ...how });
    await app.until('started');
    if (last === 'closed') app.signal('SIGTERM');
    expect(await app.exited).toEqual({ code: 70, signal: null });
    expect(app.logged('uncaught exception')).toMatchObject([
      { level: 'fatal', err: { type: 'TypeError', message: 'no oven for [e-mail]' } },
    ]);
    expect(app.stdout() + app.stderr()).not.toContain('d@jwt.com');
  });
});
