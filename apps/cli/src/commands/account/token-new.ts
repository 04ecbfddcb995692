import { roles, type Role } from '@proofbox/contract/admin';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { adminTokenEntry, newToken } from '@proofbox/runtime/admin-tokens';
import { addFormatOptions, type FormatOptions } from '../../options/format-options.ts';
import { invocation } from '../../session/invocation.ts';
import { printableJson } from '@proofbox/runtime/printable';
import type { Session } from '../../session/session.ts';
import { createPaint } from '../../terminal/terminal.ts';

type TokenOptions = FormatOptions & { name: string; role: Role };

/** `proofbox token` and `proofbox token new` */
export function defineToken(token: Command, session: Session): void {
  token.helpCommand(false).description('Tokens that let people and scripts use the admin API.');
  const command = token
    .command('new')
    .summary('make a token')
    .description(
      'Makes a token, and the entry of ADMIN_TOKENS that lets it in. The command shows the token once and keeps it nowhere; the entry has only its hash. Works without a server.',
    )
    .addOption(
      new Option('--name <name>', 'the name of its owner, for the audit log')
        .argParser(checkName)
        .makeOptionMandatory(),
    )
    .addOption(new Option('--role <role>', 'what its owner may do').choices(roles).makeOptionMandatory());
  addFormatOptions(command, { json: '{name, role, token, entry}' })
    .addHelpText(
      'after',
      `
Roles:
  viewer    sees everything, with diners masked
  operator  also replays, edits, discards and reveals, switches factories and
            pauses the workers
  admin     also exports the audit log

Example:
  ${invocation} token new --name ann --role operator
`,
    )
    .action((options: TokenOptions) => makeToken(session, options));
}

function makeToken({ terminal }: Session, { name, role, json }: TokenOptions): void {
  const token = newToken();
  const entry = adminTokenEntry({ name, role, token });
  const paint = createPaint(terminal);
  terminal.out(
    json
      ? printableJson({ name, role, token, entry })
      : `${paint('bold', `The token of ${name}, ${role}.`)} It is shown only now:

  ${token}

To let it in, add this entry to ADMIN_TOKENS of the admin server (commas
separate the entries), and restart the server:

  ${entry}

Its owner then sets:

  export PROOFBOX_TOKEN=${token}
`,
  );
}

function checkName(name: string): string {
  try {
    adminTokenEntry({ name, role: 'viewer', token: '' });
    return name;
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message.replace(/^e/, 'E').concat('.'));
  }
}
