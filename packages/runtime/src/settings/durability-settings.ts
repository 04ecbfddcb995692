import { setting } from './setting.ts';

/** When an order in Redis counts as kept. */
export const durabilitySettings = {
  REDIS_MIN_REPLICAS: setting
    .integer({ min: 0, max: 10 })
    .default(0)
    .describe(
      'So many replicas must have an order before it counts as taken. With fewer, Redis counts as away.',
    ),
  DURABILITY: setting
    .oneOf(['check', 'trust'])
    .default('check')
    .describe(
      '`check`: no orders are taken while the settings of Redis would lose them. `trust`: the settings are not checked, for a Redis that hides them; answered orders may then be lost.',
    ),
};
