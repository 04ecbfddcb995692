import type { Command } from 'commander';
import { invocation } from '../../session/invocation.ts';
import type { Session } from '../../session/session.ts';
import { addSpoolExport } from './spool-export.ts';
import { addSpoolFlush } from './spool-flush.ts';
import { addSpoolShow } from './spool-show.ts';

/** `proofbox spool` */
export function addSpool(program: Command, session: Session): void {
  const spool = program
    .command('spool')
    .helpCommand(false)
    .summary('orders on the disk of an ingest: show, flush, export')
    .description(
      'The spool: orders that an ingest took while Redis was away, and the journal: its copies of those that Redis has.',
    )
    .addHelpText('after', examples);
  addSpoolShow(spool, session);
  addSpoolFlush(spool, session);
  addSpoolExport(spool, session);
}

const examples = `
Examples:
  ${invocation} spool show
  ${invocation} spool show --dir /var/lib/proofbox/spool
  ${invocation} spool flush
`;
