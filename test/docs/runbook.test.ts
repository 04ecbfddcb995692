import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, inject, test } from 'vitest';
import { openDeadLetters } from '../support/dead-letters.ts';
import { environmentIn, proofboxWith } from '../support/proofbox-command.ts';
import { openShop } from '../support/shop.ts';
import { textOf } from './repository.ts';

const runbook = textOf('docs/operate/runbook.md');

/** Each `proofbox …` of the runbook's blocks of commands, as a shell would take it apart. */
const commands = runbook
  .split('\n')
  .filter((line) => line.startsWith('proofbox '))
  .map((line) =>
    [...line.replace(/(?<! ) +# .*| > .*/, '').matchAll(/"([^"]*)"|(\S+)/g)].map(([, a, b]) => a ?? b!),
  );

test('every command of the runbook does what it says in a shop that needs it', async () => {
  expect(commands.length).toBeGreaterThan(20);
  await using opened = new AsyncDisposableStack();
  const dataDir = opened.adopt(await mkdtemp(path.join(tmpdir(), 'proofbox-runbook-')), (dir) =>
    rm(dir, { recursive: true }),
  );
  const keyTag = `test-runbook-${crypto.randomUUID()}`;
  const shop = opened.use(await openShop({ keyTag, dataDir }));
  const dead = opened.use(openDeadLetters({ redisUrl: inject('redisUrl'), keyTag }));
  const outbox = path.join(dataDir, 'outbox');
  const proofbox = proofboxWith({
    ...environmentIn(shop),
    PATH: '/usr/bin:/bin',
    EDITOR: 'sed -i s/Veggie/Margarita/',
    REDIS_URL: inject('redisUrl'),
    REDIS_KEY_TAG: keyTag,
    OUTBOX_DIR: outbox,
  });
  for (const [, ...written] of commands) {
    // A dead letter for each that speaks of one.
    const args = written.map((arg) => (arg.startsWith('/mnt/') ? outbox : arg));
    const place = args.indexOf('<id>');
    if (place !== -1) args[place] = await dead.add({ reason: 'rejected' });
    const { code, stderr } = await proofbox(...args);
    expect([args.join(' '), code, stderr]).toEqual([args.join(' '), 0, expect.any(String)]);
  }
}, 300_000);

test('every metric of the runbook is in the reference', () => {
  const known = [...textOf('docs/reference/metrics.md').matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name!);
  const named = [...runbook.matchAll(/`((?:proofbox|pizza)_[a-z_]+)/g)].map(([, name]) => name!);
  expect(named.filter((name) => !known.includes(name))).toEqual([]);
});
