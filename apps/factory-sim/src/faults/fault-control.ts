import type { Listener } from '../http/listener.ts';
import type { Fault } from './fault.ts';
import type { FaultSwitch } from './fault-switch.ts';
import type { ReceiptSigner } from '../receipts/receipt-signer.ts';

export type FaultControlOptions = {
  faults: FaultSwitch;
  listener: Listener;
  signer: Pick<ReceiptSigner, 'prepareForgery'>;
};

/**
 * Brings a fault about, or mends (`undefined`). Resolves when that is in force: for `down` when connections are
 * refused, for all else when they are taken.
 */
export type FaultControl = (fault: Fault | undefined) => Promise<void>;

/** One change at a time, or the listener could be opened while it is being closed. */
export function createFaultControl({ faults, listener, signer }: FaultControlOptions): FaultControl {
  let lastChange: Promise<void> = Promise.resolve();

  async function bringAbout(fault: Fault | undefined): Promise<void> {
    if (fault?.kind === 'badjwt') await signer.prepareForgery();
    faults.set(fault);
    await (fault?.kind === 'down' ? listener.close() : listener.open());
  }

  return (fault) => {
    const mine = lastChange.then(() => bringAbout(fault));
    lastChange = mine.catch(() => undefined);
    return mine;
  };
}
