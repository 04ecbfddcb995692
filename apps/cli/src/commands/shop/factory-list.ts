import { factoryViews } from '@proofbox/contract/admin';
import type { Command } from 'commander';
import { openApi } from '../../api/open-api.ts';
import { factoriesView } from './factory-view.ts';
import { addFormatOptions, type FormatOptions } from '../../options/format-options.ts';
import { invocation } from '../../session/invocation.ts';
import { printableJson } from '@proofbox/runtime/printable';
import type { Session } from '../../session/session.ts';
import { createPaint } from '../../terminal/terminal.ts';

/** `proofbox factory list` */
export function addFactoryList(factory: Command, session: Session): void {
  const command = factory
    .command('list')
    .summary('how the fleet treats each factory, and why')
    .description('Shows how the workers treat each factory, since when, and why.');
  addFormatOptions(command, { json: '{factories}' })
    .addHelpText('after', conditions)
    .action((options: FormatOptions) => listFactories(session, options));
}

const conditions = `
Conditions:
  closed          the workers send it orders
  open            too many orders failed there: the workers send it none until
                  the time shown
  half_open       that time is over: the workers try one order
  out_of_service  it refused several orders in a row (401, 403, 404, 405): our
                  settings are probably wrong; the workers try one order now
                  and then
  forced_open     an operator switched it off, whatever the workers find
  forced_closed   an operator keeps it on, whatever the workers find

Example:
  ${invocation} factory list --json \\
    | jq '.factories[] | {factory, condition, cause}'
`;

async function listFactories(session: Session, { json }: FormatOptions): Promise<void> {
  const { terminal, now } = session;
  const { factories } = await openApi(session).get('/api/factories', factoryViews);
  const view = { paint: createPaint(terminal), now };
  terminal.out(json ? printableJson({ factories }) : factoriesView(factories, view));
}
