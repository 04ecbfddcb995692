import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { access, chmod, copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findOnPath } from './find-on-path.ts';
import { waitUntil } from './process/wait-until.ts';

/** A repository of its own with a pnpm that only writes down how it was called, so that nothing here is installed anew. */
let root: string;
let tools: string;

const pnpmStub = `#!/bin/sh
[ "$1" = --version ] && echo 12.0.0 && exit
sleep 0.3
echo "$@" >> pnpm-calls
cat pnpm-failure >&2 2>/dev/null && exit 1
mkdir -p node_modules
`;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'proofbox-run-'));
  tools = path.join(root, 'tools');
  for (const folder of ['infra/local', 'apps/oven', '.data', 'tools', 'nothing']) {
    await mkdir(path.join(root, folder), { recursive: true });
  }
  await copyFile(path.join(import.meta.dirname, '../run.mjs'), path.join(root, 'infra/local/run.mjs'));
  await copyFile(path.join(import.meta.dirname, 'fixtures/script.mjs'), path.join(root, 'script.mjs'));
  await write('pnpm-lock.yaml', 'lockfileVersion: 9');
  await write('pnpm-workspace.yaml', 'packages: [apps/*]');
  await write('package.json', '{}');
  await write('apps/oven/package.json', '{}');
  await write('tools/pnpm', pnpmStub);
  await chmod(path.join(tools, 'pnpm'), 0o755);
  await symlink(process.execPath, path.join(tools, 'node'));
  await write('.data/toolchain.json', JSON.stringify({ bin: tools }));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

async function write(file: string, content: string): Promise<void> {
  await writeFile(path.join(root, file), content);
}

async function pnpmCalls(): Promise<string[]> {
  const calls = await readFile(path.join(root, 'pnpm-calls'), 'utf8').catch(() => '');
  return calls.split('\n').filter((line) => line !== '');
}

type Run = {
  process: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Resolves when the script runs. */
  ready(): Promise<void>;
  /** The exit code, or the signal. */
  end: Promise<number | NodeJS.Signals>;
};

const runMjs = ['infra/local/run.mjs', 'script.mjs'];

function start(args: string[], env: Record<string, string> = {}): Run {
  return startCommand(process.execPath, [...runMjs, ...args], env);
}

function startCommand(command: string, args: string[], env: Record<string, string> = {}): Run {
  const child = spawn(command, args, { cwd: root, env: { PATH: '/usr/bin:/bin', ...env }, stdio: 'pipe' });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data) => (stdout += String(data)));
  child.stderr.on('data', (data) => (stderr += String(data)));
  const end = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals);
  return {
    process: child,
    stdout: () => stdout,
    stderr: () => stderr,
    ready: () => untilSays(() => stdout, 'pid '),
    end,
  };
}

async function untilSays(output: () => string, text: string): Promise<void> {
  await waitUntil(async () => output().includes(text), {
    timeoutMs: 10_000,
    describe: () => `"${text}" is not in: ${output()}`,
  });
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

test('the script gets its arguments and the tools on its PATH, and stdout is its own', async () => {
  const run = start(['exit', '0', '--json', 'a b']);
  expect(await run.end).toBe(0);
  const said = { rest: ['0', '--json', 'a b'], path: [tools, path.join(root, 'node_modules/.bin')] };
  expect(run.stdout()).toBe(`ready ${JSON.stringify(said)}\n`);
});

test.for([
  { args: ['exit', '0'], code: 0 },
  { args: ['exit', '7'], code: 7 },
  { args: ['die', 'SIGKILL'], code: 137 },
  { args: ['die', 'SIGTERM'], code: 143 },
])('$args ends with code $code', async ({ args, code }) => {
  expect(await start(args).end).toBe(code);
});

test('packages are installed once, and again only when they changed', async () => {
  const first = start(['exit', '0']);
  expect(await first.end).toBe(0);
  expect(first.stderr()).toMatch(/^proofbox: installing the packages .*\n$/);
  expect(await pnpmCalls()).toEqual(['install --frozen-lockfile --reporter=append-only']);

  const second = start(['exit', '0']);
  expect(await second.end).toBe(0);
  expect(second.stderr()).toBe('');
  expect(await pnpmCalls()).toHaveLength(1);

  await write('apps/oven/package.json', '{"version": "2"}');
  expect(await start(['exit', '0']).end).toBe(0);
  expect(await pnpmCalls()).toHaveLength(2);
});

test('when the installation fails its output is shown, the script does not run, and the next run tries again', async () => {
  await write('pnpm-failure', 'ERR_PNPM_OUTDATED_LOCKFILE');
  const run = start(['exit', '0']);
  expect(await run.end).toBe(1);
  expect(run.stderr()).toContain('ERR_PNPM_OUTDATED_LOCKFILE');
  expect(run.stdout()).toBe('');

  await rm(path.join(root, 'pnpm-failure'));
  expect(await start(['exit', '0']).end).toBe(0);
});

test('of two runs at the same time one installs, and both run', async () => {
  const runs = [start(['exit', '0']), start(['exit', '0']), start(['exit', '0'])];
  expect(await Promise.all(runs.map((run) => run.end))).toEqual([0, 0, 0]);
  expect(await pnpmCalls()).toHaveLength(1);
});

test('the lock of a run that was killed is taken over', async () => {
  const dead = startCommand('true', []);
  await dead.end;
  await write('.data/setup.lock', String(dead.process.pid));
  expect(await start(['exit', '0']).end).toBe(0);
  await expect(access(path.join(root, '.data/setup.lock'))).rejects.toThrow('ENOENT');
});

test('tools that are gone are looked for again on the PATH', async () => {
  await write('.data/toolchain.json', JSON.stringify({ bin: path.join(root, 'nothing') }));
  expect(await start(['exit', '0'], { PATH: `${tools}:/usr/bin:/bin` }).end).toBe(0);
  expect(await readFile(path.join(root, '.data/toolchain.json'), 'utf8')).toBe(`{"bin":"${tools}"}\n`);
});

test('without tools and without npm one line says what to do', async () => {
  await rm(path.join(root, '.data/toolchain.json'));
  const run = start(['exit', '0'], { PATH: path.join(root, 'nothing') });
  expect(await run.end).toBe(1);
  expect(run.stderr()).toMatch(/proofbox: npm is not on the PATH: install Node.js with npm, .*\n$/);
});

test('without a terminal a signal reaches the script once, also when npm sends it a second time', async () => {
  const run = start(['wait']);
  await run.ready();
  run.process.kill('SIGINT');
  run.process.kill('SIGHUP');
  run.process.kill('SIGHUP');
  await untilSays(() => run.stdout(), 'SIGHUP');
  run.process.kill('SIGTERM');
  run.process.kill('SIGTERM');
  expect(await run.end).toBe(5);
  expect(['SIGINT', 'SIGHUP', 'SIGTERM'].map((signal) => count(run.stdout(), signal))).toEqual([1, 1, 1]);
});

test.skipIf(process.platform !== 'linux' || findOnPath('script') === undefined)(
  'at a terminal one Ctrl-C reaches the script once',
  async () => {
    const command = ['exec', process.execPath, ...runMjs, 'wait'].join(' ');
    const run = startCommand('script', ['--quiet', '--return', '--command', command, '/dev/null']);
    await run.ready();
    run.process.stdin!.write('\u0003');
    await untilSays(() => run.stdout(), 'SIGINT');
    const pid = /pid (\d+)/.exec(run.stdout())![1];
    process.kill(Number(pid), 'SIGTERM');
    expect(await run.end).toBe(5);
    expect(count(run.stdout(), 'SIGINT')).toBe(1);
  },
);

test("when npm's shell dies of a signal without passing it on, the script is stopped", async () => {
  const command = [process.execPath, ...runMjs, 'wait'].join(' ');
  const run = startCommand('sh', ['-c', `${command}; true`], { npm_lifecycle_event: 'start' });
  await run.ready();
  run.process.kill('SIGTERM');
  await untilSays(() => run.stdout(), 'SIGTERM');
  expect(await run.end).toBe('SIGTERM');
});
