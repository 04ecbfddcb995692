import { setTimeout as pause } from 'node:timers/promises';
import { bulkTask, type BulkTask } from '@proofbox/contract/admin';
import { printable } from '@proofbox/runtime/printable';
import type { ApiClient } from '../../api/api-client.ts';
import { bulkPath } from '../../api/bulk-path.ts';
import { progressLine, progressSentence } from './bulk-progress.ts';
import { hasEnded } from './bulk-labels.ts';
import { CommandFailure, exitCodes } from '../../session/command-failure.ts';
import { invocation } from '../../session/invocation.ts';
import { openStatusLine } from '../../terminal/status-line.ts';
import { createPaint, type Terminal } from '../../terminal/terminal.ts';

const pollMs = 500;
/** Where nobody can watch a line being redrawn. */
const sentenceEveryMs = 5_000;
/** The task does not depend on us: an API that restarts is waited for. */
const patienceMs = 60_000;

/**
 * Watches a task until it has ended, with a bar at a terminal, else with a line now and then.
 * @throws CommandFailure on Ctrl-C, or when the API stays away; the task goes on either way
 */
export async function watchTask(terminal: Terminal, api: ApiClient, id: string): Promise<BulkTask> {
  using opened = new DisposableStack();
  const line = opened.use(openStatusLine(terminal));
  const show = createReporter(terminal, line.draw);
  const interrupted = Promise.withResolvers<never>();
  opened.use(terminal.onInterrupt(() => interrupted.reject(detached(id))));
  let lastUpdateAt = performance.now();
  for (;;) {
    try {
      const task = await Promise.race([api.get(bulkPath(id), bulkTask), interrupted.promise]);
      lastUpdateAt = performance.now();
      if (hasEnded(task)) return task;
      show(task);
    } catch (error) {
      const isAway = error instanceof CommandFailure && error.exitCode === exitCodes.unreachable;
      if (!isAway || performance.now() - lastUpdateAt > patienceMs) throw error;
      line.draw('The admin API does not answer; trying again');
    }
    await Promise.race([pause(pollMs), interrupted.promise]);
  }
}

function createReporter(terminal: Terminal, draw: (text: string) => void): (task: BulkTask) => void {
  const { screen, err } = terminal;
  if (screen) {
    const view = { paint: createPaint(screen), width: screen.width };
    return (task) => draw(progressLine(task, view));
  }
  let last = { text: '', at: performance.now() - sentenceEveryMs };
  return (task) => {
    const text = progressSentence(task);
    if (text === last.text || performance.now() - last.at < sentenceEveryMs) return;
    last = { text, at: performance.now() };
    err(`${text}\n`);
  };
}

function detached(id: string): CommandFailure {
  const message = `You have stopped watching; the task goes on.\n${howToGoOn(id)}`;
  return new CommandFailure(exitCodes.interrupted, message);
}

/** What can be done about a task that is under way. */
export function howToGoOn(id: string): string {
  return `  ${invocation} bulk watch ${printable(id)}\n  ${invocation} bulk abort ${printable(id)}`;
}
