import { mostIds, type BulkTarget, type OrderFilter } from '@proofbox/contract/admin';

/** What is chosen: orders one by one, or all that the filter finds, on whatever page. */
export type Selection = { ids: Record<string, true>; isAll: boolean };

export const nothingChosen: Selection = { ids: {}, isAll: false };

export function chosenIds({ ids }: Selection): string[] {
  return Object.keys(ids).filter((id) => ids[id]);
}

export function isEmpty(selection: Selection): boolean {
  return !selection.isAll && chosenIds(selection).length === 0;
}

/** Names can be given one by one up to a number; beyond it only the filter can say which. */
export function hasTooMany(selection: Selection): boolean {
  return !selection.isAll && chosenIds(selection).length > mostIds;
}

/** What a bulk task is to work on. */
export function targetOf(selection: Selection, filter: OrderFilter): BulkTarget {
  return selection.isAll ? { filter } : { ids: chosenIds(selection) };
}
