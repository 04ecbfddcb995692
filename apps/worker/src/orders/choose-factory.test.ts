import type { Attempt, FactoryName } from '@proofbox/contract';
import { createMemoryBreakerStore } from '@proofbox/factory/breaker';
import { testBreaker } from '@proofbox/factory/testing';
import { beforeEach, expect, test } from 'vitest';
import { chooseFactory, nextAllowedAt } from './choose-factory.ts';

let now: number;
let store: ReturnType<typeof createMemoryBreakerStore>;
let factories: ReturnType<typeof aFactory>[];
beforeEach(() => {
  now = 1_000_000;
  store = createMemoryBreakerStore();
  factories = [aFactory('primary'), aFactory('fallback')];
});

function aFactory(name: FactoryName) {
  const breaker = testBreaker({ factory: name, store, now: () => now });
  return { name, breaker, rate: { hasRoom: () => true } };
}

function anOrder(id: string, ...failedAt: FactoryName[]) {
  const attempts: Attempt[] = failedAt.map((factory, i) => ({
    n: i + 1,
    factory,
    worker: 'w',
    startedAt: 1,
    outcome: 'failed',
  }));
  return { id, attempts };
}

/** Three new orders fail there. */
async function bringDown(...names: FactoryName[]): Promise<void> {
  for (const { breaker } of factories.filter(({ name }) => names.includes(name)))
    for (const id of ['a', 'b', 'c']) {
      await breaker.admit({ id, failures: 0, hasAlternative: false });
      breaker.record({ id, failures: 0 }, 'failed');
      breaker.leave(id);
    }
}

async function chosen(order = anOrder('x'), tried: FactoryName[] = []) {
  const choice = await chooseFactory(factories, new Set(tried), order);
  return choice && { ...choice, factory: choice.factory.name };
}

const usual = { factory: 'primary', probe: false, failures: 0, isBlamed: false, hasAlternative: true };

test('the primary comes first, and the fallback could take the order, too', async () => {
  expect(await chosen()).toEqual(usual);
});

test('one that was tried in this round is not tried again', async () => {
  expect(await chosen(anOrder('x', 'primary'), ['primary'])).toMatchObject({
    factory: 'fallback',
    failures: 0,
    hasAlternative: false,
  });
  expect(await chosen(anOrder('x'), ['primary', 'fallback'])).toBeUndefined();
});

test('an order that the primary failed before is offered to it first all the same, as a suspect', async () => {
  expect(await chosen(anOrder('x', 'primary', 'primary'))).toEqual({ ...usual, failures: 2 });
});

test('an order that the primary failed while it baked others is blamed for it, there', async () => {
  const order = anOrder('x', 'primary');
  order.attempts[0]!.counted = true;
  expect(await chosen(order)).toMatchObject({ factory: 'primary', failures: 1, isBlamed: true });
  expect(await chosen(order, ['primary'])).toMatchObject({
    factory: 'fallback',
    failures: 0,
    isBlamed: false,
  });
});

test('a primary that is down is no probe for orders that the fallback takes, for a while', async () => {
  await bringDown('primary');
  now += 1_000;
  expect(await chosen()).toMatchObject({ factory: 'fallback' });
  now += 5_000;
  expect(await chosen(anOrder('y'))).toEqual({ ...usual, probe: true });
});

test('with both down the order is a probe as soon as one of them may be back', async () => {
  await bringDown('primary', 'fallback');
  expect(await chosen()).toBeUndefined();
  now += 300;
  expect(await chosen()).toMatchObject({ factory: 'primary', probe: true, hasAlternative: false });
});

test('a factory whose rate has no room is left out, and counts as no alternative', async () => {
  factories[0]!.rate = { hasRoom: () => false };
  expect(await chosen()).toMatchObject({ factory: 'fallback', hasAlternative: false });
});

test('an order may come again when the first of its factories takes it', async () => {
  await bringDown('primary', 'fallback');
  expect(nextAllowedAt(factories, anOrder('x'))).toBe(now + 300);
  now += 300;
  expect(nextAllowedAt(factories, anOrder('x'))).toBe(0);
  expect(nextAllowedAt(factories, anOrder('x', 'primary', 'primary', 'fallback'))).toBe(now + 200);
});
