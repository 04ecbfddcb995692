import { readOrders, surveyFiles } from '@proofbox/outbox';
import { printableJson } from '@proofbox/runtime/printable';
import type { Command } from 'commander';
import { invocation } from '../../session/invocation.ts';
import type { Session } from '../../session/session.ts';
import { createPaint } from '../../terminal/terminal.ts';
import { dirOption, outboxLocation, type DirOption } from './outbox-location.ts';
import { outboxView, toShownConflict, type ShownOutbox } from './outbox-view.ts';

/** So many conflicted orders are shown; `export` has all. */
const mostConflicted = 100;

/** `proofbox outbox show` */
export function addOutboxShow(outbox: Command, session: Session): void {
  outbox
    .command('show')
    .summary('the orders that wait on the disk of ingest, and the copies it keeps')
    .description(
      'Shows the files of an outbox folder: which are in use, how many orders wait in them for Redis, how many copies of ' +
        'delivered orders could be restored, and how many orders were set aside and why. It changes nothing; ingest may be running.',
    )
    .option(...dirOption)
    .option('--json', 'one JSON value: {folder, shop, files, conflicted}; times in ms since the epoch')
    .addHelpText(
      'after',
      `
Run it as the user that ingest runs as.

Example:
  ${invocation} outbox show --json | jq '.files[] | select(.isInUse | not)'
`,
    )
    .action((options: DirOption & { json?: boolean }) => showOutbox(session, options));
}

function showOutbox(session: Session, options: DirOption & { json?: boolean }): void {
  const { terminal, now } = session;
  const location = outboxLocation(session, options);
  const files = surveyFiles(location);
  const isReadable = files.every(({ trouble }) => trouble === undefined);
  const shown: ShownOutbox = {
    ...location,
    files,
    conflicted: isReadable
      ? readOrders(location, ['conflicted']).take(mostConflicted).map(toShownConflict).toArray()
      : [],
  };
  terminal.out(
    options.json ? printableJson(shown) : outboxView(shown, { paint: createPaint(terminal), now }),
  );
}
