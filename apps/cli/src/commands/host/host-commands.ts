import type { Command } from 'commander';
import { addAudit } from './audit.ts';
import type { Session } from '../../session/session.ts';
import { addSpool } from './spool-commands.ts';

/** The commands that need no admin server: they work on Redis and on the disk themselves. */
export function addHostCommands(program: Command, session: Session): void {
  addAudit(program, session);
  addSpool(program, session);
}
