/** How a factory is at a moment, in one word. `out_of_service` is an open breaker of a factory that refuses us. */
export const factoryConditions = [
  'closed',
  'open',
  'half_open',
  'out_of_service',
  'forced_open',
  'forced_closed',
] as const;
export type FactoryCondition = (typeof factoryConditions)[number];
