import type { ReconcileFindings, ReconcileResult, DatasetLoss } from '@proofbox/ledger';
import { Counter, Gauge, type Logger, type Registry } from '@proofbox/runtime';

const mendKinds = ['job', 'stray_job', 'delayed_job', 'attempt', 'index', 'counter'] as const;
type MendKind = (typeof mendKinds)[number];

/** More than so many mends of one kind in one run are logged in one line. */
const reportedOneByOne = 100;

export type MaintenanceEvents = ReturnType<typeof createMaintenanceEvents>;

/** As `createEvents`, for what happens to the worker and to the ledger as a whole. */
export function createMaintenanceEvents(logger: Logger, registry: Registry) {
  const registers = [registry];
  const difference = new Gauge({
    name: 'proofbox_reconcile_difference',
    help: 'Orders that the last run of the fleet could not account for: accepted orders minus those in a state, by counters and by indexes; drift: by how much the two differ. 0 when all is well. Every worker shows the same.',
    labelNames: ['of'],
    registers,
  });
  const mended = new Counter({
    name: 'proofbox_reconcile_mended_total',
    help: 'What this worker mended as the reconciler: job (an order had none), stray_job (its job was in no list), delayed_job (a wrong clock had delayed it), attempt (no worker ended it), index, counter.',
    labelNames: ['kind'],
    registers,
  });
  const lastRun = new Gauge({
    name: 'proofbox_reconcile_last_run_timestamp_seconds',
    help: 'When the fleet reconciled last, in seconds since the epoch; 0 for never. Every worker shows the same.',
    registers,
  });
  const restarts = new Counter({
    name: 'proofbox_watchdog_restarts_total',
    help: 'How often this worker fetched nothing for 15 s while orders waited, so that its BullMQ worker was replaced.',
    registers,
  });
  for (const kind of mendKinds) mended.inc({ kind }, 0);
  const expiryHeld = new Gauge({
    name: 'proofbox_expiry_held',
    help: '1 while this worker lets no order expire, because a clock is wrong: its own, or that of Redis.',
    registers,
  });
  let reportedDoubt: string | undefined;
  let reportedLossAt: number | undefined;
  let wasDifferent = false;

  function logMends(kind: MendKind, mends: { orderId: string; [more: string]: unknown }[]): void {
    mended.inc({ kind }, mends.length);
    for (const mend of mends.slice(0, reportedOneByOne))
      logger.warn({ kind, ...mend }, 'the reconciler mended');
    const more = mends.length - reportedOneByOne;
    if (more > 0) logger.warn({ kind, more }, 'the reconciler mended more of that kind');
  }

  return {
    reconciled({ balance, pending, delayed, indexes, jobs }: ReconcileFindings): void {
      logMends(
        'job',
        pending.requeued.map((orderId) => ({ orderId })),
      );
      logMends(
        'stray_job',
        (jobs?.stray ?? []).map((orderId) => ({ orderId })),
      );
      logMends(
        'delayed_job',
        delayed.map((orderId) => ({ orderId })),
      );
      logMends(
        'attempt',
        pending.reclaimed.map(({ id, attempt }) => ({
          orderId: id,
          attempt: attempt?.n,
          factory: attempt?.factory,
          lostWorker: attempt?.worker,
        })),
      );
      logMends(
        'index',
        indexes.misplaced.map(({ id, kinds }) => ({ orderId: id, kinds })),
      );
      if (balance.mendedCounters > 0) {
        mended.inc({ kind: 'counter' }, balance.mendedCounters);
        logger.warn({ kind: 'counter', states: balance.states }, 'the reconciler mended');
      }
      if (indexes.lost.length > 0)
        logger.error(
          { orders: indexes.lost.length, first: indexes.lost.slice(0, 10) },
          'orders in the index have no record',
        );
    },

    /** What the last run found, in whichever process. */
    resultSeen({ at, difference: found }: ReconcileResult): void {
      lastRun.set(at / 1_000);
      for (const [of, orders] of Object.entries(found)) difference.set({ of }, orders);
      const isDifferent = Object.values(found).some((orders) => orders !== 0);
      if (isDifferent && !wasDifferent) logger.error({ difference: found }, 'the ledger does not balance');
      if (!isDifferent && wasDifferent) logger.warn('the ledger balances again');
      wasDifferent = isDifferent;
    },

    /** Only a change is logged. */
    datasetSeen(loss: DatasetLoss | undefined): void {
      if (loss?.noticedAt === reportedLossAt) return;
      reportedLossAt = loss?.noticedAt;
      if (loss)
        logger.fatal({ ...loss }, 'Redis came back with less than it had: accepted orders may be lost');
      else logger.warn('the loss of Redis was acknowledged');
    },

    /** Only the begin and the end of a doubt are logged, not each second of it. */
    expirySeen(doubt: string | undefined): void {
      expiryHeld.set(doubt === undefined ? 0 : 1);
      if (doubt !== undefined && reportedDoubt === undefined)
        logger.error({ doubt }, 'no order expires: a clock is wrong');
      if (doubt === undefined && reportedDoubt !== undefined)
        logger.warn('orders expire again: the clocks agree');
      reportedDoubt = doubt;
    },

    bullWorkerReplaced(inVain: number): void {
      restarts.inc();
      logger.error({ inVain }, 'orders wait and this worker fetched none: its BullMQ worker was replaced');
    },

    bullWorkerGivenUp(): void {
      logger.fatal('replacing the BullMQ worker did not help: this process ends, so that a new one starts');
    },

    stoppedWithOrders(orderIds: string[]): void {
      if (orderIds.length === 0) return;
      logger.error(
        { orders: orderIds.length, first: orderIds.slice(0, 10) },
        'this worker stopped and could not give back its orders; the other workers will find them',
      );
    },
  };
}
