import { orderStates, deadLetterReasons } from '@proofbox/contract';
import type { Redis } from 'ioredis';
import { defineScript } from '../redis/define-script.ts';
import type { Names } from '../redis/names.ts';
import { walkSlices, type SliceCursor } from './walk-slices.ts';

/**
 * In which kind of sorted set an order was missing, or stood wrongly. `dead_letter`: it is in those of dead letters and
 * is none.
 */
type IndexKind =
  | 'time'
  | 'state'
  | 'reason'
  | 'deadline'
  | 'diner'
  | 'factory'
  | 'store'
  | 'error'
  | 'dead_letter';

export type IndexFindings = {
  /** Orders that were not in exactly the sets that their record says; with `mend` they are. */
  misplaced: { id: string; kinds: IndexKind[] }[];
  /** Orders in an index whose record is gone or cannot be read: nothing here can bring them back. */
  lost: string[];
  next: SliceCursor;
};

/** Redis does nothing else while it looks at a slice: 3 ms for dead letters, which stand in the most indexes. */
const sliceSize = 100;

/** Compares the sorted sets of orders with the orders' records, which are the truth. */
export function createIndexCheck({ redis, names }: { redis: Redis; names: Names }) {
  const lookAtSlice = defineScript(redis, new URL('./check-indexes.lua', import.meta.url), { keys: 1 });
  const mendOne = defineScript(redis, new URL('./mend-indexes.lua', import.meta.url), { keys: 1 });
  const expected = [orderStates.length, ...orderStates, ...deadLetterReasons];
  // By diner, store and error there are too many sets to know; an order without a record is found in the others. What
  // stands in one of these and does not know it is found by no search: that compares it with the record.
  const sets = [
    names.byTime,
    ...orderStates.map((state) => names.byState(state)),
    ...deadLetterReasons.map((reason) => names.byReason(reason)),
    names.byDeadline,
  ];

  return async function checkIndexes(options: {
    mend: boolean;
    from: SliceCursor;
    maxSlices: number;
  }): Promise<IndexFindings> {
    const misplaced: IndexFindings['misplaced'] = [];
    const lost = new Set<string>();

    async function lookAt(id: string): Promise<void> {
      if (!options.mend) return void misplaced.push({ id, kinds: [] });
      const kinds = (await mendOne(names.order(id), names.root, id, ...expected)) as IndexKind[];
      if (kinds.length > 0) misplaced.push({ id, kinds });
    }

    const next = await walkSlices({
      sets: sets.length,
      from: options.from,
      sliceSize,
      maxSlices: options.maxSlices,
      async visit({ set, offset }) {
        const reply = await lookAtSlice(sets[set]!, names.root, offset, sliceSize, ...expected);
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
