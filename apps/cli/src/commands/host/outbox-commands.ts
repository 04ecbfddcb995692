import type { Command } from 'commander';
import { invocation } from '../../session/invocation.ts';
import type { Session } from '../../session/session.ts';
import { addOutboxExport } from './outbox-export.ts';
import { addOutboxFlush } from './outbox-flush.ts';
import { addOutboxShow } from './outbox-show.ts';

/** `proofbox outbox` */
export function addOutbox(program: Command, session: Session): void {
  const outbox = program
    .command('outbox')
    .helpCommand(false)
    .summary('orders on the disk of an ingest: show, flush, export')
    .description(
      'The outbox: orders that an ingest took while Redis was away, and its second copies of those that Redis has.',
    )
    .addHelpText('after', examples);
  addOutboxShow(outbox, session);
  addOutboxFlush(outbox, session);
  addOutboxExport(outbox, session);
}

const examples = `
Examples:
  ${invocation} outbox show
  ${invocation} outbox show --dir /var/lib/proofbox/outbox
  ${invocation} outbox flush
`;
