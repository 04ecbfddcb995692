import { setting } from './setting.ts';

/** When an order in Redis counts as kept. */
export const durabilitySettings = {
  REDIS_MIN_REPLICAS: setting
    .integer({ min: 0, max: 10 })
    .default(0)
    .describe(
      'How many replicas must have an order before it counts as taken. With fewer replicas, Redis counts as away.',
    ),
  DURABILITY: setting
    .oneOf(['check', 'trust'])
    .default('check')
    .describe(
      '`check`: ingest takes no orders while the settings of Redis would lose them. `trust`: ingest does not check these settings, for a Redis that hides them; accepted orders may then be lost.',
    ),
};
