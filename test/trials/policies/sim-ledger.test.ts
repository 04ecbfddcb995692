import { randomUUID } from 'node:crypto';
import { factoryNames, outcomeKinds, type Outcome, type OutcomeKind } from '@proofbox/contract';
import { connectPatiently, createLedger, createNames } from '@proofbox/ledger';
import { expect, inject, test } from 'vitest';
import { createDice } from '../../support/seeded-random.ts';
import { SimLedger } from './sim-ledger.ts';
import { SimRedis } from './sim-redis.ts';

test.each([1, 2])('the simulated ledger says what the real one says (seed %i)', async (seed) => {
  const onError = (error: Error): never => {
    throw error;
  };
  const clock = { now: 1_000_000 };
  const now = () => clock.now;
  const redis = connectPatiently({ url: inject('redisUrl'), onError });
  await using closing = new AsyncDisposableStack();
  closing.defer(() => redis.disconnect());
  const names = createNames(`test-${randomUUID()}`);
  const real = createLedger({ redis, names, now });
  const simRedis = new SimRedis(now);
  const sim = new SimLedger({ now, redis: simRedis, names, onSettled: () => {} });
  const ledgers = [real, sim.port];
  const dice = createDice(seed);
  const ids = ['a', 'b', 'c', 'd', 'e'];
  for (const id of ids) {
    const request = {
      diner: { id: 1 },
      order: { id, franchiseId: 1, storeId: '1', items: [{ menuId: 1, description: 'Veggie', price: 0.05 }] },
    };
    await real.accept({
      id,
      fingerprint: id,
      source: 'frontend',
      dinerId: '1',
      request,
      deadlineMs: 86_400_000,
    });
    sim.accept(id, request);
  }

  for (let step = 0; step < 100; step += 1) {
    clock.now += dice.between(0, 50);
    const id = dice.pick(ids);
    const factory = dice.pick(factoryNames);
    const token = randomUUID();
    const outcome = outcomeOf(
      dice.happens(0.05) ? 'fulfilled' : dice.pick(outcomeKinds.filter((kind) => kind !== 'fulfilled')),
    );
    const took = dice.between(0, 30);
    const isDeadLettered = dice.happens(0.02);
    const told = [];
    const startedAt = clock.now;
    for (const ledger of ledgers) {
      clock.now = startedAt;
      const begun = await ledger.beginAttempt({ id, factory, worker: 'w', token, leaseMs: 10_000 });
      clock.now += took;
      const settled =
        begun.status === 'begun' ? await ledger.settle({ ...begun.attempt, outcome }) : undefined;
      const state = await ledger.requeue(id);
      const deadLetter = isDeadLettered
        ? await ledger.deadLetter({ id, state: 'dead', reason: 'rejected' })
        : undefined;
      told.push({ begun, settled, state, deadLetter, attempts: await attemptsOf(ledger, id) });
    }
    expect(told[1]).toEqual(told[0]);
    expect(await factsIn(simRedis, names.factory(factory))).toEqual(
      await factsIn(redis, names.factory(factory)),
    );
  }
});

async function attemptsOf(ledger: Pick<SimLedger['port'], 'find'>, id: string) {
  const { attempts, countedFailures, state } = (await ledger.find(id))!;
  return {
    countedFailures,
    state,
    attempts: attempts.map(({ n, factory, startedAt, endedAt, outcome, counted = false }) => ({
      n,
      factory,
      startedAt,
      endedAt,
      outcome,
      counted,
    })),
  };
}

/** What is known of a factory, as far as decisions go by it. */
function factsIn(redis: Pick<SimRedis, 'hmget'>, key: string): Promise<(string | null)[]> {
  return redis.hmget(key, 'bakedAt', 'bakedId', 'failing', 'lastFulfilledAt');
}

function outcomeOf(kind: OutcomeKind): Outcome {
  switch (kind) {
    case 'fulfilled':
      return { kind, receipt: randomUUID() };
    case 'throttled':
      return { kind, retryAfterMs: 1_000, detail: '' };
    case 'not_sent':
    case 'failed':
    case 'receipt_mismatch':
    case 'unknown':
    case 'rejected':
    case 'misconfigured':
      return { kind, detail: '' };
  }
}
