import { defaultKeyTag, type ReconcileFindings, type DatasetLoss } from '@proofbox/ledger';
import { proofboxWith } from '../../support/proofbox-command.ts';

/** What `proofbox reconcile --json` prints. */
type ReconcileReport = ReconcileFindings & { clean: boolean; loss: DatasetLoss | null };

/** For a ledger of some hundred thousand orders. */
const timeoutMs = 300_000;
const mostShown = 200;

/**
 * Has the operators' own command reconcile the whole ledger. @returns a line for each thing that does not fit
 * @throws Error when it could not look
 */
export async function reconcileLedger(input: { redisUrl: string; keyTag?: string }): Promise<string[]> {
  const { redisUrl, keyTag = defaultKeyTag } = input;
  const proofbox = proofboxWith({ REDIS_URL: redisUrl, REDIS_KEY_TAG: keyTag }, { timeoutMs });
  const { code, stdout, stderr } = await proofbox('reconcile', '--json');
  if (stdout === '') throw new Error(`proofbox reconcile ended with exit code ${code}: ${stderr.trim()}`);
  return whatDoesNotFit(JSON.parse(stdout) as ReconcileReport);
}

function whatDoesNotFit({ clean, loss, balance, pending, indexes, jobs }: ReconcileReport): string[] {
  if (clean) return [];
  const { counters, indexes: byIndex, drift } = balance.difference;
  const findings: [string, boolean, unknown][] = [
    ['the ledger does not balance', counters !== 0 || byIndex !== 0 || drift !== 0, balance],
    ['orders without a record', indexes.lost.length > 0, indexes.lost],
    ['orders in the wrong indexes', indexes.misplaced.length > 0, indexes.misplaced],
    ['orders without a job', pending.requeued.length > 0, pending.requeued],
    ['attempts that nobody ended', pending.reclaimed.length > 0, pending.reclaimed],
    ['attempts left to a worker', pending.leftToWorker.length > 0, pending.leftToWorker],
    ['jobs that stand in no list', (jobs?.stray.length ?? 0) > 0, jobs?.stray],
    ['Redis came back with less than it had', loss !== null, loss],
  ];
  const lines = findings
    .filter(([, isFound]) => isFound)
    .map(([what, , facts]) => `${what}: ${JSON.stringify(facts).slice(0, mostShown)}`);
  return lines.length > 0 ? lines : ['proofbox reconcile calls it unclean, and does not say why'];
}
