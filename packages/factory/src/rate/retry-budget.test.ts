import { expect, test } from 'vitest';
import { RetryBudget } from './retry-budget.ts';

function aBudget({ orders }: { orders: number }) {
  const budget = new RetryBudget();
  for (let i = 0; i < orders; i += 1) budget.earn();
  /** @returns how many calls it allows until it is used up, of 1,000 */
  const spendAll = (): number => {
    let calls = 0;
    while (calls < 1_000 && budget.spend()) calls += 1;
    return calls;
  };
  return { budget, spendAll };
}

test('before an order was sent there is none', () => {
  expect(aBudget({ orders: 0 }).spendAll()).toBe(0);
});

test('each order brings one extra call, so that a factory is never sent twice what it would be', () => {
  const { budget, spendAll } = aBudget({ orders: 3 });
  expect(spendAll()).toBe(3);
  expect(budget.spend()).toBe(false);
  budget.earn();
  expect(spendAll()).toBe(1);
});

test('no more than 20 are saved up', () => {
  expect(aBudget({ orders: 1_000 }).spendAll()).toBe(20);
});
