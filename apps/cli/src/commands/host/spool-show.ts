import { readStored, surveyJournals, surveySpools } from '@proofbox/outbox';
import type { Command } from 'commander';
import { invocation } from '../../session/invocation.ts';
import { printableJson } from '@proofbox/runtime/printable';
import type { Session } from '../../session/session.ts';
import { dirOption, spoolPlace, type DirOption } from './spool-place.ts';
import { spoolView, toShownParked, type ShownSpool } from './spool-view.ts';
import { createPaint } from '../../terminal/terminal.ts';

/** So many parked orders are shown; `export` has all. */
const mostParked = 100;

/** `proofbox spool show` */
export function addSpoolShow(spool: Command, session: Session): void {
  spool
    .command('show')
    .summary('what waits on the disk of the ingests, and what they keep in their journals')
    .description(
      'Shows the files of a spool folder: who uses them, how many orders wait in them, how many were set aside and why,\n' +
        'and how many orders the journals could put back. It changes nothing, and ingests may be running.',
    )
    .option(...dirOption)
    .option(
      '--json',
      'one JSON value: {folder, keyTag, spools, journals, parked}; times in ms since the epoch',
    )
    .addHelpText(
      'after',
      `
Run it as the user that the ingests run as.

Example:
  ${invocation} spool show --json | jq '.spools[] | select(.isInUse | not)'
`,
    )
    .action((options: DirOption & { json?: boolean }) => showSpool(session, options));
}

function showSpool(session: Session, options: DirOption & { json?: boolean }): void {
  const { terminal, now } = session;
  const place = spoolPlace(session, options);
  const spools = surveySpools(place);
  const isReadable = spools.every(({ trouble }) => trouble === undefined);
  const shown: ShownSpool = {
    ...place,
    spools,
    journals: surveyJournals(place),
    parked: isReadable ? readStored(place, ['parked']).take(mostParked).flatMap(toShownParked).toArray() : [],
  };
  terminal.out(options.json ? printableJson(shown) : spoolView(shown, { paint: createPaint(terminal), now }));
}
