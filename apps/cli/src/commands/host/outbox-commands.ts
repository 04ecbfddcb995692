import type { Command } from 'commander';
import { invocation } from '../../session/invocation.ts';
import type { Session } from '../../session/session.ts';
import { addOutboxExport } from './outbox-export.ts';
import { addOutboxFlush } from './outbox-flush.ts';
import { addOutboxShow } from './outbox-show.ts';

/** `proofbox outbox` */
export function defineOutbox(outbox: Command, session: Session): void {
  outbox
    .helpCommand(false)
    .description(
      'The outbox: orders that ingest took while Redis was away, and second copies of the orders that Redis has.',
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
