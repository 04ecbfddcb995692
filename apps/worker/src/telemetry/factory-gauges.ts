import { factoryConditions, type FactoryCondition, type FactoryName } from '@proofbox/contract';
import { Gauge, type Registry } from '@proofbox/runtime';
import { isUp, type FactorySigns, type Sign } from './factory-signs.ts';

/** How each factory is, as gauges that exist from the moment it is known on. */
export function createFactoryGauges(registry: Registry, now: () => number) {
  const registers = [registry];
  const signs = new Map<FactoryName, FactorySigns>();
  const lastBakedAt = new Map<FactoryName, number>();
  const breakers = new Gauge({
    name: 'pizza_factory_breaker_state',
    help: '1 for the state each factory is in, 0 for the others: closed (takes orders), open, half_open (one order may try it), out_of_service, forced_open, forced_closed.',
    labelNames: ['factory', 'state'],
    registers,
  });
  const misconfigured = new Gauge({
    name: 'pizza_factory_misconfigured',
    help: '1 while the factory is out of service: it refuses several orders in a row. Our key or URL is probably wrong there.',
    labelNames: ['factory'],
    registers,
  });
  const lastGood = new Gauge({
    name: 'pizza_factory_last_good_timestamp_seconds',
    help: 'When the factory last baked an order or a canary, in seconds since the epoch; 0 for never.',
    labelNames: ['factory'],
    registers,
  });
  new Gauge({
    name: 'pizza_factory_up',
    help: '1 while the latest evidence of the factory is good: an order or a canary, else its health page.',
    labelNames: ['factory'],
    registers,
    collect() {
      for (const [factory, each] of signs) this.set({ factory }, isUp(each, now()) ? 1 : 0);
    },
  });

  function show(factory: FactoryName, condition: FactoryCondition): void {
    for (const state of factoryConditions) breakers.set({ factory, state }, state === condition ? 1 : 0);
    misconfigured.set({ factory }, condition === 'out_of_service' ? 1 : 0);
  }

  return {
    add(factory: FactoryName): void {
      signs.set(factory, {});
      lastGood.set({ factory }, 0);
      show(factory, 'closed');
    },

    show,

    /** A sign that is older than the latest one changes nothing. */
    noted(factory: FactoryName, from: keyof FactorySigns, { good, at }: Sign): void {
      const known = signs.get(factory)?.[from];
      if (known && known.at > at) return;
      signs.set(factory, { ...signs.get(factory), [from]: { good, at } });
    },

    /** @param at ms since the epoch */
    baked(factory: FactoryName, at: number): void {
      const latest = Math.max(at, lastBakedAt.get(factory) ?? 0);
      lastBakedAt.set(factory, latest);
      lastGood.set({ factory }, latest / 1_000);
    },
  };
}
