import type { BulkTarget, OrderFilter } from '@proofbox/contract/admin';
import { countOf } from '../format/number.ts';
import { localTime } from '../format/moment.ts';
import { factoryLabels } from './factory-words.ts';
import { reasonWords, stateWords } from './order-words.ts';

/** Each condition of a filter in words, by its name. */
export function filterWords(filter: OrderFilter, now: number): { name: keyof OrderFilter; words: string }[] {
  const time = (at: string) => localTime(Date.parse(at), now);
  const words: { [K in keyof OrderFilter]: string | undefined } = {
    state: filter.state?.map((state) => stateWords[state].name).join(' or '),
    reason:
      filter.reason && `reason: ${filter.reason.map((reason) => reasonWords[reason].name).join(' or ')}`,
    factory: filter.factory && `last tried at the ${factoryLabels[filter.factory].toLowerCase()}`,
    diner: filter.diner && `diner ${filter.diner}`,
    store: filter.store && `store ${filter.store}`,
    text: filter.text && `error contains “${filter.text}”`,
    from: filter.from && `from ${time(filter.from)}`,
    to: filter.to && `before ${time(filter.to)}`,
  };
  return Object.entries(words).flatMap(([name, told]) =>
    told === undefined ? [] : [{ name: name as keyof OrderFilter, words: told }],
  );
}

/** Which dead letters a bulk task is about. @param named how many ids there are, where only the first few are here */
export function targetWords(target: BulkTarget, now: number, named?: number): string {
  if ('ids' in target) return `${countOf(named ?? target.ids.length, 'order')} chosen one by one`;
  const conditions = filterWords(target.filter, now).map(({ words }) => words);
  return conditions.length === 0 ? 'every dead letter' : conditions.join(', ');
}
