import { orderDetail } from '@proofbox/contract/admin';
import type { Command } from 'commander';
import { openApi } from '../../api/open-api.ts';
import { orderPath } from '../../api/order-path.ts';
import { addFormatOptions, type FormatOptions } from '../../options/format-options.ts';
import { exampleId, invocation } from '../../session/invocation.ts';
import { orderView } from './order-view.ts';
import { printableJson } from '@proofbox/runtime/printable';
import type { Session } from '../../session/session.ts';
import { createPaint } from '../../terminal/terminal.ts';
import { whyOption } from '../../options/why-option.ts';

/** `proofbox dead show` and `proofbox orders show`: the same story, found where one looks for it. */
export function addOrderShow(parent: Command, session: Session): void {
  const command = parent
    .command('show')
    .summary('what happened to one order')
    .description(
      'Shows the whole story of one order: what was ordered, where it stands and why, every attempt, what people did to it, ' +
        'and what to do next. The name and e-mail of the diner are masked.',
    )
    .argument('<id>', 'the order');
  addFormatOptions(command, { json: 'the order and its whole story' })
    .addHelpText(
      'after',
      `
Examples:
  ${invocation} ${parent.name()} show ${exampleId}
  ${invocation} ${parent.name()} show ${exampleId} --json \\
    | jq '.attemptHistory[-1]'
`,
    )
    .action((id: string, options: FormatOptions) => showOrder(session, id, options));
}

/** `proofbox dead reveal` and `proofbox orders reveal` */
export function addOrderReveal(parent: Command, session: Session): void {
  const command = parent
    .command('reveal')
    .summary('an order with the name and e-mail of its diner')
    .description(
      'Shows an order as `show` does, and also the name and e-mail of its diner and every other field of the order, for ' +
        'example to call the diner. Needs the role operator. The audit log says who revealed which order, and why.',
    )
    .argument('<id>', 'the order')
    .addOption(whyOption());
  addFormatOptions(command, { json: 'the order, as in `show --json`' })
    .addHelpText(
      'after',
      `
Example:
  ${invocation} ${parent.name()} reveal ${exampleId} \\
    --why "to tell the diner about the refund"
`,
    )
    .action((id: string, options: FormatOptions & { why: string }) => showOrder(session, id, options));
}

async function showOrder(
  session: Session,
  id: string,
  { json, why }: FormatOptions & { why?: string },
): Promise<void> {
  const { terminal, now } = session;
  const api = openApi(session);
  const detail =
    why === undefined
      ? await api.get(orderPath(id), orderDetail)
      : await api.post(orderPath(id, 'reveal'), orderDetail, { why });
  const view = { paint: createPaint(terminal), now, width: terminal.width };
  terminal.out(json ? printableJson(detail) : orderView(detail, view));
}
