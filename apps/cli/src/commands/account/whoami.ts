import { sessionView, type Role } from '@proofbox/contract/admin';
import type { Command } from 'commander';
import { openApi } from '../../api/open-api.ts';
import { addFormatOptions, type FormatOptions } from '../../options/format-options.ts';
import { printable, printableJson } from '@proofbox/runtime/printable';
import type { Session } from '../../session/session.ts';
import { createPaint } from '../../terminal/terminal.ts';

/** `proofbox whoami` */
export function defineWhoami(command: Command, session: Session): void {
  command.description(
    'Says whose token PROOFBOX_TOKEN is, and what its owner may do. Use it to check your settings.',
  );
  addFormatOptions(command, { json: '{name, role}' }).action((options: FormatOptions) =>
    show(session, options),
  );
}

const mayDo: Record<Role, string> = {
  viewer: 'may look at everything, with diners masked',
  operator: 'may also replay, edit, discard and reveal, switch factories and pause the workers',
  admin: 'may do everything, and export the audit log',
};

async function show(session: Session, { json }: FormatOptions): Promise<void> {
  const { terminal } = session;
  const me = await openApi(session).get('/api/session', sessionView);
  const { name, role } = printable(me);
  terminal.out(
    json ? printableJson(me) : `${createPaint(terminal)('bold', name)}  ${role}: ${mayDo[role]}\n`,
  );
}
