import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { interruptedProofbox, proofboxWith } from '../support/proofbox-command.ts';

function oneLine(start: string): RegExp {
  return new RegExp(`^error: ${start}.*\n$`);
}

/** A port where nobody listens. */
async function deadPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

test('a missing token is bad usage, and the answer says where npm start keeps one', async () => {
  const run = await proofboxWith({})('dead', 'list');
  expect(run).toMatchObject({ code: 2, stdout: '' });
  expect(run.stderr).toMatch(oneLine('PROOFBOX_TOKEN is missing.*\\.data/secrets/admin-token'));
});

test('bad settings are told, and what they hold is not', async () => {
  const env = { PROOFBOX_URL: 'http://ann:geheim@127.0.0.1', PROOFBOX_TOKEN: 'pbx_geheim oh' };
  const run = await proofboxWith(env)('whoami');
  expect(run).toMatchObject({ code: 2, stdout: '' });
  expect(run.stderr).toMatch(/^error: PROOFBOX_URL is not valid.*\nerror: PROOFBOX_TOKEN is not valid.*\n$/);
  expect(run.stderr).not.toContain('geheim');
});

test.each([
  [['--help'], 'Exit codes:'],
  [['dead', 'replay', '--help'], 'Examples:'],
  [['help', 'bulk'], 'Examples:'],
  [['completion', 'bash'], 'complete -F _proofbox proofbox'],
  [['token', 'new', '--name', 'ann', '--role', 'viewer'], 'ann:viewer:'],
])('%j needs neither an API nor Redis', async (args, words) => {
  const { code, stdout, stderr } = await proofboxWith({})(...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain(words);
});

test('an API that cannot be reached ends the command with 3', async () => {
  const port = await deadPort();
  const env = { PROOFBOX_URL: `http://127.0.0.1:${port}`, PROOFBOX_TOKEN: 'pbx_geheim' };
  const run = await proofboxWith(env)('dead', 'list');
  expect(run).toMatchObject({ code: 3, stdout: '' });
  expect(run.stderr).toMatch(
    oneLine(`The admin API at http://127\\.0\\.0\\.1:${port} cannot be reached \\(connection refused\\)`),
  );
  expect(run.stderr).not.toContain('geheim');
});

test('stats --watch waits for an API that is away, and says so', async () => {
  const env = { PROOFBOX_URL: `http://127.0.0.1:${await deadPort()}`, PROOFBOX_TOKEN: 'pbx_x' };
  const said = /cannot be reached[^]*cannot be reached/;
  expect(await interruptedProofbox(env, { args: ['stats', '--watch'], said })).toMatchObject({
    code: 0,
    stdout: '',
  });
});

test('on the host a missing REDIS_URL is bad usage, and the answer says what to set', async () => {
  const run = await proofboxWith({})('reconcile');
  expect(run).toMatchObject({ code: 2, stdout: '' });
  expect(run.stderr).toMatch(oneLine('REDIS_URL is missing.*redis://127\\.0\\.0\\.1:4379'));
});

test('a Redis that refuses ends the command with 3, and its password is not told', async () => {
  const port = await deadPort();
  const run = await proofboxWith({ REDIS_URL: `redis://:geheim@127.0.0.1:${port}` })('reconcile');
  expect(run).toMatchObject({ code: 3, stdout: '' });
  expect(run.stderr).toMatch(oneLine(`Redis at 127\\.0\\.0\\.1:${port} cannot be reached`));
  expect(run.stderr).not.toContain('geheim');
});

test('a Redis that never answers ends the command with 3 after 2 s', async () => {
  let connectedAt = 0;
  const server = createServer(() => (connectedAt ||= performance.now())).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const run = await proofboxWith({ REDIS_URL: `redis://127.0.0.1:${port}` })('reconcile');
  server.close();
  expect(run).toMatchObject({ code: 3, stdout: '' });
  expect(run.stderr).toMatch(oneLine('Redis at 127\\.0\\.0\\.1'));
});
