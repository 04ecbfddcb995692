import type { AttemptKey, Ledger } from '@proofbox/ledger';
import type { Outcome } from '@proofbox/contract';
import { claimAbandoned, claimFirst, type OutboxLocation } from '../files/claims.ts';
import { OutboxFile } from '../files/outbox-file.ts';

/** A verified receipt that the ledger does not have yet, with the attempt that it ends. */
export type KeptReceipt = { attempt: AttemptKey; outcome: Outcome & { kind: 'fulfilled' } };

/** Files of their own, so that no ingest holds one: any worker delivers what is in them. */
function receiptsLocation({ folder, shop }: OutboxLocation): OutboxLocation {
  return { folder, shop: `${shop}.receipts` };
}

/**
 * Keeps receipts that a worker cannot write down before it has to go: on the disk when this returns.
 * @throws Error when the disk does not take them: then none is kept
 */
export function keepReceipts(location: OutboxLocation, receipts: KeptReceipt[]): void {
  using claim = claimFirst(receiptsLocation(location));
  using file = new OutboxFile(claim.file);
  file.commit(() => receipts.forEach((receipt) => file.addReceipt(JSON.stringify(receipt))), {
    isSynced: true,
  });
}

/**
 * Gives the ledger the receipts that workers have left on this disk. The ledger takes the first one of an order, so what
 * is done twice is done once. One of an order that it does not know stays: an ingest may restore the order.
 * @returns ids of the orders whose receipts were delivered
 * @throws Error when Redis fails, or a file cannot be read: what was not delivered stays where it is
 */
export async function deliverReceipts(
  location: OutboxLocation,
  ledger: Pick<Ledger, 'settle'>,
): Promise<string[]> {
  const delivered: string[] = [];
  for (const claimed of claimAbandoned(receiptsLocation(location))) {
    using claim = claimed;
    using file = new OutboxFile(claim.file);
    for (const { seq, content } of file.receipts()) {
      const { attempt, outcome } = JSON.parse(content) as KeptReceipt;
      const { status } = await ledger.settle({ ...attempt, outcome });
      if (status === 'missing') continue;
      file.commit(() => file.forgetReceipt(seq), { isSynced: false });
      delivered.push(attempt.id);
    }
  }
  return delivered;
}
