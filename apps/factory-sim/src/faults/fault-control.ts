import type { Door } from '../http/door.ts';
import type { Fault } from './fault.ts';
import type { FaultSwitch } from './fault-switch.ts';
import type { Oven } from '../receipts/oven.ts';

export type FaultControlOptions = {
  faults: FaultSwitch;
  door: Door;
  oven: Pick<Oven, 'prepareForgery'>;
};

/**
 * Brings a fault about, or mends (`undefined`). Resolves when that is in force: for `down` when connections are
 * refused, for all else when they are taken.
 */
export type FaultControl = (fault: Fault | undefined) => Promise<void>;

/** One change at a time, or the door could be opened while it is being shut. */
export function createFaultControl({ faults, door, oven }: FaultControlOptions): FaultControl {
  let lastChange: Promise<void> = Promise.resolve();

  async function bringAbout(fault: Fault | undefined): Promise<void> {
    if (fault?.kind === 'badjwt') await oven.prepareForgery();
    faults.set(fault);
    await (fault?.kind === 'down' ? door.shut() : door.open());
  }

  return (fault) => {
    const mine = lastChange.then(() => bringAbout(fault));
    lastChange = mine.catch(() => undefined);
    return mine;
  };
}
