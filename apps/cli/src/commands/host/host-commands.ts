import type { Command } from 'commander';
import { addReconcile } from './reconcile.ts';
import type { Session } from '../../session/session.ts';
import { addOutbox } from './outbox-commands.ts';

/** The commands that need no admin server: they work on Redis and on the disk themselves. */
export function addHostCommands(program: Command, session: Session): void {
  addReconcile(program, session);
  addOutbox(program, session);
}
