import {
  bulkPreview,
  bulkTask,
  mostIds,
  type BulkAction,
  type BulkPreview,
  type BulkTarget,
} from '@proofbox/contract/admin';
import { openApi } from '../../api/open-api.ts';
import { showEnd } from './bulk-commands.ts';
import { previewView } from './bulk-view.ts';
import { howToGoOn, watchTask } from './bulk-watch.ts';
import { bulkLabels, formatCount } from './bulk-labels.ts';
import { badUsage } from '../../session/command-failure.ts';
import { confirm } from '../../terminal/confirm.ts';
import type { ChangeOptions } from '../orders/dead-change.ts';
import { printable, printableJson } from '@proofbox/runtime/printable';
import type { Session } from '../../session/session.ts';
import { createPaint } from '../../terminal/terminal.ts';

type Task = { action: BulkAction; target: BulkTarget; rate: number };

/** Shows what a bulk task would do, asks, has it done by the admin server, and waits for its end. */
export async function runBulk(
  session: Session,
  { options, ...task }: Task & { options: Pick<ChangeOptions, 'why' | 'yes' | 'dryRun' | 'json' | 'wait'> },
): Promise<void> {
  const { terminal } = session;
  const { action, target, rate } = task;
  const { why, yes, dryRun, json, wait } = options;
  if ('ids' in target && target.ids.length > mostIds)
    throw badUsage(`One bulk task takes at most ${mostIds} ids: choose the orders with options instead.`);
  const api = openApi(session);
  const preview = await api.post('/api/bulk/preview', bulkPreview, { action, target });
  if (dryRun) return showPreview(session, task, preview, json);
  if (preview.count === 0 && preview.isExact) {
    terminal.out(json ? 'null\n' : `No dead letters match: there is nothing to ${action}.\n`);
    return;
  }
  if (!yes && terminal.ask) terminal.err(`${viewOnScreen(session, task, preview)}\n`);
  await confirm(terminal, { question: questionOf(task, preview), yes });
  const created = await api.post('/api/bulk', bulkTask, { action, target, rate, why });
  if (wait) return showEnd(session, await watchTask(terminal, api, created.id), { ...(json && { json }) });
  terminal.out(
    json
      ? printableJson(created)
      : `Bulk task ${printable(created.id)} is under way.\n${howToGoOn(created.id)}\n`,
  );
}

function questionOf({ action }: Task, { count, isExact }: BulkPreview): string {
  const orders = count === 1 && isExact ? 'order' : 'orders';
  const forGood = action === 'discard' ? ' for good' : '';
  return `${bulkLabels[action].order} ${formatCount(count, isExact)} ${orders}${forGood}?`;
}

function showPreview(session: Session, task: Task, preview: BulkPreview, json: boolean | undefined): void {
  const { terminal, now } = session;
  const view = { paint: createPaint(terminal), now, width: terminal.width };
  terminal.out(
    json
      ? printableJson(preview)
      : `${previewView(preview, task, view)}\nNothing was changed: this was a dry run.\n`,
  );
}

/** The question stands on `err`, so what it is about has to stand there, too. */
function viewOnScreen({ terminal, now }: Session, task: Task, preview: BulkPreview): string {
  const paint = createPaint(terminal.screen ?? { hasColours: false });
  return previewView(preview, task, { paint, now, width: terminal.screen?.width });
}
