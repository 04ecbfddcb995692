import type { DatasetLoss, RestoreProgress } from '@proofbox/ledger';

/** What an operator reads at `/readyz` of ingest after Redis came back with less than it had. */
export function lossNote(
  loss: DatasetLoss,
  { keepsCopies, progress }: { keepsCopies: boolean; progress: RestoreProgress | undefined },
): string {
  const noticed = new Date(loss.noticedAt).toISOString();
  const done = keepsCopies
    ? restored(progress)
    : 'this ingest keeps no copies (OUTBOX_KEEP_HOURS=0) and cannot restore orders';
  return `Redis came back with less than it had (noticed ${noticed}): ${done}. When you are satisfied, run \`proofbox reconcile --acknowledge-loss\`.`;
}

function restored(progress: RestoreProgress | undefined): string {
  if (progress === undefined) return "this ingest's outbox has not been compared with it yet";
  const { of, looked, restored: back, failed, isDone } = progress;
  const failures = failed === 0 ? '' : `, ${failed} could not be restored (see the log)`;
  return isDone
    ? `${back} lost orders were restored from this ingest's outbox, which had ${of}${failures}`
    : `orders are being restored from this ingest's outbox: ${looked} of ${of} compared, ${back} were lost and are back${failures}`;
}
