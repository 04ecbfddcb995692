import { setting } from './setting.ts';

/** The outbox on the local disk. */
export const outboxSettings = {
  OUTBOX_DIR: setting
    .text()
    .default('.data/outbox')
    .describe(
      'A folder for orders while Redis is away, for second copies of the others, and for receipts that a worker could not write down before it stopped. It has to outlive the process: on a local disk that is not the one of Redis, not on NFS; in a container, on a volume. Several processes may share it.',
    ),
  OUTBOX_KEEP_HOURS: setting
    .integer({ min: 0, max: 720 })
    .default(24)
    .describe(
      'How long ingest keeps a second copy of each order, from which it restores what Redis has lost. 0: no copies. An order takes about 2 kB of disk.',
    ),
};
