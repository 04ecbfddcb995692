import type { BulkTarget, OrderFilter } from '@proofbox/contract/admin';
import { countOf } from '../format/number.ts';
import { localTime } from '../format/moment.ts';
import { factoryLabels } from './factory-labels.ts';
import { reasonLabels, stateLabels } from './order-labels.ts';

/** Each condition of a filter as text, by its name. */
export function filterLabels(filter: OrderFilter, now: number): { name: keyof OrderFilter; label: string }[] {
  const time = (at: string) => localTime(Date.parse(at), now);
  const labels: { [K in keyof OrderFilter]: string | undefined } = {
    state: filter.state?.map((state) => stateLabels[state].name).join(' or '),
    reason:
      filter.reason && `reason: ${filter.reason.map((reason) => reasonLabels[reason].name).join(' or ')}`,
    factory: filter.factory && `last tried at the ${factoryLabels[filter.factory].toLowerCase()}`,
    diner: filter.diner && `diner ${filter.diner}`,
    store: filter.store && `store ${filter.store}`,
    text: filter.text && `error contains “${filter.text}”`,
    from: filter.from && `from ${time(filter.from)}`,
    to: filter.to && `before ${time(filter.to)}`,
  };
  return Object.entries(labels).flatMap(([name, label]) =>
    label === undefined ? [] : [{ name: name as keyof OrderFilter, label }],
  );
}

/** Which dead letters a bulk task is about. @param named how many ids there are, where only the first few are here */
export function targetLabel(target: BulkTarget, now: number, named?: number): string {
  if ('ids' in target) return `${countOf(named ?? target.ids.length, 'order')} chosen one by one`;
  const conditions = filterLabels(target.filter, now).map(({ label }) => label);
  return conditions.length === 0 ? 'every dead letter' : conditions.join(', ');
}
