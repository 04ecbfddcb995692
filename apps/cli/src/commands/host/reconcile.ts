import {
  acknowledgeLoss,
  createReconciler,
  isClean,
  readLoss,
  readRestores,
  type ReconcileFindings,
} from '@proofbox/ledger';
import type { Command } from 'commander';
import { reconcileView } from './reconcile-view.ts';
import { CommandFailure, exitCodes } from '../../session/command-failure.ts';
import { invocation } from '../../session/invocation.ts';
import { printableJson } from '@proofbox/runtime/printable';
import type { Session } from '../../session/session.ts';
import { createPaint } from '../../terminal/terminal.ts';
import { withLedger } from './with-ledger.ts';

type ReconcileOptions = { mend?: boolean; acknowledgeLoss?: boolean; json?: boolean };

/** As the workers' reconciler has it. */
const graceMs = 10_000;

/** `proofbox reconcile` */
export function defineReconcile(command: Command, session: Session): void {
  command
    .description(
      'Compares every order with the counters, the indexes and the queue, and says what does not fit.\n' +
        'Without --mend it changes nothing; the workers mend the same things in the background, part by part.\n' +
        'It exits 1 when something did not fit, even if it was mended, or when a loss is not acknowledged.',
    )
    .option('--mend', 'repair what can be repaired')
    .option('--acknowledge-loss', 'end the alarm about a Redis that came back with less than it had')
    .option(
      '--json',
      'one JSON value: {clean, mended, loss, restored, balance, pending, indexes, jobs, durationMs}',
    )
    .addHelpText(
      'after',
      `
Examples:
  ${invocation} reconcile
  ${invocation} reconcile --mend
  ${invocation} reconcile --json | jq .balance.difference
`,
    )
    .action((options: ReconcileOptions) => reconcile(session, options));
}

async function reconcile(
  session: Session,
  { mend = false, acknowledgeLoss: acknowledges, json }: ReconcileOptions,
): Promise<void> {
  const { terminal, now, environment } = session;
  await withLedger(session, async ({ redis, names, queue }) => {
    if (acknowledges) {
      const ended = await acknowledgeLoss({
        redis,
        names,
        by: `${environment['USER'] ?? 'an operator'} at the command line`,
      });
      terminal.err(ended ? 'The loss is acknowledged.\n' : 'There was no loss to acknowledge.\n');
    }
    // An attempt that is open for too long is left to the workers: they know which factories may be asked twice.
    const reconciler = createReconciler({ redis, names, queue, graceMs, repeatable: [] });
    const findings = await reconciler.reconcileAll({ mend });
    const loss = await readLoss({ redis, names });
    const restored = loss && (await readRestores({ redis, names }));
    const clean = isClean(findings) && loss === undefined;
    terminal.out(
      json
        ? printableJson({ clean, mended: mend, loss: loss ?? null, restored: restored ?? null, ...findings })
        : reconcileView({ findings, loss, restored, mended: mend }, { paint: createPaint(terminal), now }),
    );
    if (!clean) throw new CommandFailure(exitCodes.failed, failure(findings, mend));
  });
}

function failure(findings: ReconcileFindings, mended: boolean): string {
  if (isClean(findings)) return 'Redis came back with less than it had, and no operator has acknowledged it.';
  return mended
    ? 'Something did not fit. Run the command again to see whether everything is mended.'
    : 'Something does not fit.';
}
