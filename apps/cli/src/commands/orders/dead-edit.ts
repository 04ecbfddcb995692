import type { OrderIn } from '@proofbox/contract';
import { changeResult, orderDetail, type OrderDetail } from '@proofbox/contract/admin';
import { Option, type Command } from 'commander';
import type { ApiClient } from '../../api/api-client.ts';
import { openApi } from '../../api/open-api.ts';
import { orderPath } from '../../api/order-path.ts';
import { badUsage, CommandFailure, exitCodes } from '../../session/command-failure.ts';
import { confirm, yesOption } from '../../terminal/confirm.ts';
import { editInEditor } from './edit-in-editor.ts';
import { readEdit, readOrderFile, withSettings, type Edit } from './edited-order.ts';
import { exampleId, invocation } from '../../session/invocation.ts';
import { orderChanges } from './order-changes.ts';
import { printable, printableJson } from '@proofbox/runtime/printable';
import type { Session } from '../../session/session.ts';
import { createPaint } from '../../terminal/terminal.ts';
import { whyOption } from '../../options/why-option.ts';

type EditOptions = {
  set?: Edit[];
  file?: string;
  why: string;
  yes?: boolean;
  dryRun?: boolean;
  json?: boolean;
};

/** `proofbox dead edit` */
export function addDeadEdit(dead: Command, session: Session): void {
  dead
    .command('edit')
    .summary('correct an order, and give it a fresh start')
    .description(
      'Corrects what is wrong with a dead or held order and puts it back into the queue, in one step. With neither --set nor --file ' +
        'it opens the order as JSON in your editor ($VISUAL, else $EDITOR, else vi). It shows you the changes before it makes them, ' +
        'and Proofbox keeps the earlier version. The id and the diner of an order cannot be changed.',
    )
    .argument('<id>', 'the order')
    .addOption(whyOption())
    .addOption(
      new Option(
        '--set <path=value>',
        'sets one field, such as storeId=7 or items.0.price=0.004; repeat it for more',
      )
        .argParser((text: string, before: Edit[] | undefined) => [...(before ?? []), readEdit(text)])
        .conflicts('file'),
    )
    .option(
      '--file <file>',
      'a file with the whole order as JSON, as `dead show --json` has it in `order`; - reads the standard input',
    )
    .option('-n, --dry-run', 'show what would change, and do nothing')
    .addOption(yesOption())
    .option(
      '--json',
      'for scripts, one JSON value: {id, result, state}; with --dry-run the order as it would be',
    )
    .addHelpText(
      'after',
      `
Examples:
  ${invocation} dead edit ${exampleId} \\
    --why "the menu had a wrong price"
  ${invocation} dead edit ${exampleId} \\
    --set storeId=7 --set items.0.price=0.0038 --yes --why "store 6 has moved"
`,
    )
    .action((id: string, options: EditOptions) => editOrder(session, id, options));
}

async function editOrder(session: Session, id: string, options: EditOptions): Promise<void> {
  const { terminal } = session;
  const api = openApi(session);
  const detail = await api.get(orderPath(id), orderDetail);
  if (detail.state !== 'dead' && detail.state !== 'held')
    throw new CommandFailure(
      exitCodes.failed,
      `${id} is ${detail.state}: only a dead or held order can be edited.`,
    );
  const order = await edited(session, detail, options);
  const changes = orderChanges(detail.order, order);
  if (changes.length === 0)
    throw new CommandFailure(
      exitCodes.failed,
      `Nothing was edited. To try it again as it is: ${invocation} dead replay ${id} --why "…"`,
    );
  const shown = changes.map((line) => `  ${printable(line)}\n`).join('');
  if (options.dryRun) {
    terminal.out(options.json ? printableJson(order) : `${shown}Nothing was changed: this was a dry run.\n`);
    return;
  }
  if (!options.yes) terminal.err(shown);
  await confirm(terminal, { question: `Replay ${id} with these changes?`, yes: options.yes });
  await replayEdited(session, api, { detail, order, options });
}

async function replayEdited(
  { terminal }: Session,
  api: ApiClient,
  { detail, order, options }: { detail: OrderDetail; order: OrderIn; options: EditOptions },
): Promise<void> {
  const { id, updatedAt: asOf } = detail;
  const done = await api.post(orderPath(id, 'replay'), changeResult, { why: options.why, order, asOf });
  const result = done.result === 'replayed' ? 'edited and replayed' : `unchanged: it is ${done.state}`;
  terminal.out(options.json ? printableJson(done) : `${id}  ${createPaint(terminal)('green', result)}\n`);
}

function edited(
  session: Session,
  { order }: OrderDetail,
  { set, file }: EditOptions,
): Promise<OrderIn> | OrderIn {
  if (set) return withSettings(order, set);
  if (file !== undefined) return readOrderFile(session, file);
  if (!session.terminal.ask)
    throw badUsage('There is no terminal for an editor here: say what to change with --set or --file.');
  return editInEditor(session, order);
}
