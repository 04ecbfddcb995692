import { queuePauseView as queuePauseSchema, type QueuePauseView } from '@proofbox/contract/admin';
import type { Command } from 'commander';
import { openApi } from '../../api/open-api.ts';
import { pauseLabel } from './queue-view.ts';
import { confirm, yesOption } from '../../terminal/confirm.ts';
import { addFormatOptions, type FormatOptions } from '../../options/format-options.ts';
import { invocation } from '../../session/invocation.ts';
import { printableJson } from '@proofbox/runtime/printable';
import type { Session } from '../../session/session.ts';
import { createPaint } from '../../terminal/terminal.ts';
import { whyOption } from '../../options/why-option.ts';

type ChangeOptions = FormatOptions & { why: string; yes?: boolean };

/** `proofbox queue` */
export function defineQueue(queue: Command, session: Session): void {
  queue
    .description(
      'Pauses and resumes the whole fleet: while the queue is paused, no worker takes an order. Ingest still accepts orders, and they wait.',
    )
    .addHelpText(
      'after',
      `
Examples:
  ${invocation} queue pause --why "factory moves house"
  ${invocation} queue resume --why "it has moved"
`,
    );
  const shape = { json: '{isPaused, by, at, why}' };
  addFormatOptions(
    queue
      .command('status')
      .summary('whether the queue is paused')
      .description('Says whether workers take orders, and if not, who paused them and why.'),
    shape,
  ).action(async (options: FormatOptions) =>
    show(session, await openApi(session).get('/api/queue', queuePauseSchema), options),
  );
  addFormatOptions(
    queue
      .command('pause')
      .summary('no worker takes an order from now on')
      .description(
        'No worker takes an order from now on, until an operator resumes the queue. The workers finish the orders that are being baked.',
      )
      .addOption(whyOption())
      .addOption(yesOption()),
    shape,
  ).action((options: ChangeOptions) => setPause(session, true, options));
  addFormatOptions(
    queue
      .command('resume')
      .summary('workers take orders again')
      .description('Workers take orders again, the oldest first, as fast as the factories can bake them.')
      .addOption(whyOption()),
    shape,
  ).action((options: ChangeOptions) => setPause(session, false, options));
}

async function setPause(
  session: Session,
  isPaused: boolean,
  { why, yes, json }: ChangeOptions,
): Promise<void> {
  const api = openApi(session);
  if (isPaused)
    await confirm(session.terminal, {
      question: 'Pause the queue until an operator resumes it?',
      yes,
    });
  show(session, await api.post('/api/queue', queuePauseSchema, { isPaused, why }), { ...(json && { json }) });
}

function show({ terminal, now }: Session, queuePause: QueuePauseView, { json }: FormatOptions): void {
  terminal.out(
    json ? printableJson(queuePause) : `${pauseLabel(queuePause, { paint: createPaint(terminal), now })}\n`,
  );
}
