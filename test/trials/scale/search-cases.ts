import type { OrderFilter } from '@proofbox/contract/admin';
import { lastSettledAt, rare } from './dead-letters.ts';

/** A search that people make. */
export type SearchCase = {
  name: string;
  filter: OrderFilter;
  oldestFirst?: boolean;
  limit?: number;
  /** Before it is measured, so many orders are passed over, at most. */
  depth?: number;
  /** Each measurement is the next page, not the same one. */
  isPaging?: boolean;
};

const deadAndHeld: OrderFilter = { state: ['dead', 'held'] };
const dayMs = 86_400_000;
const daysAgo = (days: number): string => new Date(lastSettledAt - days * dayMs).toISOString();

export function searchCases(orders: number): SearchCase[] {
  const half = Math.floor(orders / 2);
  return [
    { name: 'dead and held, newest', filter: deadAndHeld },
    { name: 'dead and held, oldest', filter: deadAndHeld, oldestFirst: true },
    { name: 'dead and held, 200 a page', filter: deadAndHeld, limit: 200 },
    { name: 'dead and held, from the middle', filter: deadAndHeld, depth: half },
    { name: 'dead and held, oldest from the middle', filter: deadAndHeld, depth: half, oldestFirst: true },
    { name: 'dead and held, page after page', filter: deadAndHeld, isPaging: true },
    { name: 'held', filter: { state: ['held'] } },
    { name: 'two reasons', filter: { reason: ['expired', 'unknown_outcome'] } },
    { name: 'fallback and exhausted', filter: { factory: 'fallback', reason: ['exhausted'] } },
    { name: 'one of 200 stores', filter: { ...deadAndHeld, store: '17' } },
    { name: 'a rare store', filter: { ...deadAndHeld, store: rare.store } },
    { name: 'a diner', filter: { ...deadAndHeld, diner: '77' } },
    { name: 'a diner, also of orders not yet settled', filter: { diner: '77' } },
    { name: 'a day', filter: { ...deadAndHeld, from: daysAgo(9), to: daysAgo(8) } },
    { name: 'a common text', filter: { ...deadAndHeld, text: 'CHAOS' } },
    { name: 'a rare text', filter: { ...deadAndHeld, text: rare.text } },
    { name: 'a text nobody says', filter: { ...deadAndHeld, text: 'pineapple' } },
    { name: 'a text of many kinds', filter: { ...deadAndHeld, text: 'on shelf' } },
    { name: 'a letter', filter: { ...deadAndHeld, text: 'e' } },
    { name: 'a text with a number', filter: { ...deadAndHeld, text: 'pizza 4711' } },
    { name: 'a number that nobody says', filter: { ...deadAndHeld, text: 'pizza 99999' } },
    { name: 'a text and a store', filter: { ...deadAndHeld, text: 'chaos', store: '17' } },
    {
      name: 'a rare combination',
      filter: { reason: ['exhausted'], factory: 'fallback', store: '17', text: 'wet' },
    },
    { name: 'what never meets: held and exhausted', filter: { state: ['held'], reason: ['exhausted'] } },
    {
      name: 'what never meets: a rare store and another text',
      filter: { ...deadAndHeld, store: rare.store, text: 'chaos' },
    },
    {
      name: 'what hardly meets: fallback, held, a text',
      filter: { state: ['held'], factory: 'fallback', text: 'counter 7' },
    },
    { name: 'everything, newest', filter: {} },
    { name: 'a store, also of orders not yet settled', filter: { store: rare.store } },
    { name: 'a text, also of orders not yet settled', filter: { text: rare.text } },
  ];
}
