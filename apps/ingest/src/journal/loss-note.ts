import type { DatasetLoss, RestoreProgress } from '@proofbox/ledger';

/** What an operator reads at `/readyz` of ingest after Redis came back with less than it had. */
export function lossNote(loss: DatasetLoss, progress: RestoreProgress | undefined): string {
  const noticed = new Date(loss.noticedAt).toISOString();
  return `Redis came back with less than it had (noticed ${noticed}): ${putBack(progress)}. When you are satisfied, run \`proofbox reconcile --acknowledge-loss\`.`;
}

function putBack(progress: RestoreProgress | undefined): string {
  if (progress === undefined)
    return 'this ingest keeps no journal (SPOOL_JOURNAL_HOURS=0) and cannot put orders back';
  const { of, looked, putBack: back, failed, isDone } = progress;
  const failures = failed === 0 ? '' : `, ${failed} could not be put back (see the log)`;
  return isDone
    ? `${back} lost orders were put back from this ingest's journal, which had ${of}${failures}`
    : `orders are being put back from this ingest's journal: ${looked} of ${of} looked at, ${back} were lost and are back${failures}`;
}
