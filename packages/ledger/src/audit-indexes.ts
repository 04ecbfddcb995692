import { orderStates, parkReasons } from '@proofbox/contract';
import type { Redis } from 'ioredis';
import { defineScript, readLua } from './define-script.ts';
import type { Names } from './names.ts';
import { walkSlices, type Place } from './walk-slices.ts';

/** In which kind of sorted set an order was missing, or stood wrongly. */
export type IndexKind = 'time' | 'state' | 'reason' | 'deadline' | 'diner';

export type IndexFindings = {
  /** Orders that were not in exactly the sets that their record says; with `mend` they are. */
  misplaced: { id: string; kinds: IndexKind[] }[];
  /** Orders in an index whose record is gone or cannot be read: nothing here can bring them back. */
  lost: string[];
  next: Place;
};

const sliceSize = 250;

/** Compares the sorted sets of orders with the orders' records, which are the truth. */
export function createIndexAudit({ redis, names }: { redis: Redis; names: Names }) {
  const before = readLua('index-defects');
  const lookAtSlice = defineScript(redis, 'audit-indexes', { keys: 1, before });
  const mendOne = defineScript(redis, 'mend-indexes', { keys: 1, before });
  const expected = JSON.stringify([orderStates, parkReasons]);
  // By diner there are too many sets to know; an order without a record is found in the others.
  const sets = [
    names.byTime,
    ...orderStates.map((state) => names.byState(state)),
    ...parkReasons.map((reason) => names.byReason(reason)),
    names.byDeadline,
  ];

  return async function auditIndexes(options: {
    mend: boolean;
    from: Place;
    maxSlices: number;
  }): Promise<IndexFindings> {
    const misplaced: IndexFindings['misplaced'] = [];
    const lost = new Set<string>();

    async function lookAt(id: string): Promise<void> {
      if (!options.mend) return void misplaced.push({ id, kinds: [] });
      const kinds = (await mendOne(names.order(id), names.root, expected, id)) as IndexKind[];
      if (kinds.length > 0) misplaced.push({ id, kinds });
    }

    const next = await walkSlices({
      sets: sets.length,
      from: options.from,
      sliceSize,
      maxSlices: options.maxSlices,
      async visit({ set, offset }) {
        const reply = await lookAtSlice(sets[set]!, names.root, expected, offset, sliceSize);
        const [seen, wrong, gone] = reply as [number, string[], string[]];
        for (const id of wrong) await lookAt(id);
        for (const id of gone) lost.add(id);
        return seen;
      },
    });
    return { misplaced: onePerOrder(misplaced), lost: [...lost], next };
  };
}

/** Without mending, an order is met again in every set where it stands. */
function onePerOrder(misplaced: IndexFindings['misplaced']): IndexFindings['misplaced'] {
  return [...new Map(misplaced.map((each) => [each.id, each])).values()];
}
