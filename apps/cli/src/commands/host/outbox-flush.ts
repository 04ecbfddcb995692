import { RedisWatch, watchReplicas } from '@proofbox/ledger';
import { flushAbandoned, type FlushedFiles, type OutboxLocation } from '@proofbox/outbox';
import { printable, printableJson } from '@proofbox/runtime/printable';
import type { Command } from 'commander';
import { CommandFailure, exitCodes } from '../../session/command-failure.ts';
import { invocation } from '../../session/invocation.ts';
import type { Session } from '../../session/session.ts';
import { dirOption, outboxLocation, type DirOption } from './outbox-location.ts';
import { withLedger, type Opened } from './with-ledger.ts';

/** A person waits, and Redis has answered once already. */
const judgedWithinMs = 5_000;
const replicasWithinMs = 800;

/** `proofbox outbox flush` */
export function addOutboxFlush(outbox: Command, session: Session): void {
  outbox
    .command('flush')
    .summary('give Redis the orders of ingests that do not come back')
    .description(
      'Takes the files that no running process uses, and gives their undelivered orders to Redis as ingest would: each ' +
        'with the time at which it was accepted, and only if Redis would keep it. An ingest that runs does that within 10 s.',
    )
    .option(...dirOption)
    .option('--json', 'one JSON value: {files, delivered, conflicted, left, troubles}')
    .addHelpText(
      'after',
      `
It reads REDIS_URL, REDIS_KEY_TAG, REDIS_MIN_REPLICAS, DURABILITY and OUTBOX_KEEP_HOURS as ingest does. It is safe to
run it again. It exits 1 when orders are left. Run it as the user that ingest runs as.

Example:
  ${invocation} outbox flush --dir /mnt/disk-of-the-lost-ingest/outbox
`,
    )
    .action((options: DirOption & { json?: boolean }) => flush(session, options));
}

async function flush(session: Session, options: DirOption & { json?: boolean }): Promise<void> {
  const location = outboxLocation(session, options);
  await withLedger(session, async (opened) => {
    const done = await flushInto(location, opened);
    session.terminal.out(options.json ? printableJson(done) : formatFlushed(done));
    if (done.left + done.troubles.length > 0)
      throw new CommandFailure(exitCodes.failed, 'Not every order could be given to Redis.');
  });
}

/** @throws CommandFailure when Redis would not keep the orders */
async function flushInto(location: OutboxLocation, opened: Opened): Promise<FlushedFiles> {
  const { redis, names, ledger, queue, settings } = opened;
  const minReplicas = settings.REDIS_MIN_REPLICAS;
  using watch = new RedisWatch({
    redis,
    names,
    rules: { isTrusted: settings.DURABILITY === 'trust', minReplicas },
    onCondition() {},
  });
  const condition = await watch.judged(judgedWithinMs);
  if (condition.state !== 'fit') {
    const why =
      'reasons' in condition ? condition.reasons.join(' ') : 'why' in condition ? condition.why : '';
    throw new CommandFailure(
      exitCodes.failed,
      `Redis is ${condition.state}, so nothing was given to it. ${why}`,
    );
  }
  const replicas = watchReplicas({ redis, atLeast: minReplicas, timeoutMs: replicasWithinMs });
  const keepsCopies = settings.OUTBOX_KEEP_HOURS > 0;
  return await flushAbandoned({ location, ledger, queue, replicas, watch, keepsCopies });
}

function formatFlushed({ files, delivered, conflicted, left, troubles }: FlushedFiles): string {
  if (files === 0) return 'A running process uses each file, and flushes it.\n';
  const lines = [
    `${delivered} orders were given to Redis, from ${files} files that no process uses.`,
    ...(conflicted > 0 ? [`${conflicted} were set aside. See outbox show.`] : []),
    ...(left > 0 ? [`${left} are left.`] : []),
    ...printable(troubles),
  ];
  return `${lines.join('\n')}\n`;
}
