import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, inject, test } from 'vitest';
import { openDeadLetters } from '../support/dead-letters.ts';
import { environmentIn, proofboxWith } from '../support/proofbox-command.ts';
import { openShop } from '../support/shop.ts';
import { filesAt, textOf } from './repository.ts';

/** Pages whose commands work as they are written, without a terminal to ask in. */
const pages = ['docs/operate/runbook.md', 'docs/operate/factories-and-queue.md'].map(textOf).join('\n');

/** Each `proofbox …` of their blocks of commands, as a shell would take it apart. */
const commands = pages
  .split('\n')
  .filter((line) => line.startsWith('proofbox '))
  .map((line) =>
    [...line.replace(/(?<! ) +# .*| > .*/, '').matchAll(/"([^"]*)"|(\S+)/g)].map(([, a, b]) => a ?? b!),
  );

test('every command for the one on call does what it says in a shop that needs it', async () => {
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

test('every metric for the one on call is in the reference', () => {
  const operate = filesAt('docs/operate/*.md').map(textOf).join('\n');
  const known = [...textOf('docs/reference/metrics.md').matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name!);
  const named = [...operate.matchAll(/`((?:proofbox|pizza)_[a-z_]+)/g)].map(([, name]) => name!);
  expect(named.filter((name) => !known.includes(name))).toEqual([]);
});
