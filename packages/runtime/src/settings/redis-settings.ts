import { setting } from './setting.ts';

/** Of which shop the orders are. */
export const redisSettings = {
  REDIS_URL: setting
    .redisUrl()
    .describe(
      'The Redis of the shop: `redis://` or `rediss://`, with user, password and the number of the database where it has them. Encode the password for a URL: write `%` as `%25`.',
    ),
  REDIS_KEY_TAG: setting
    .redisKeyTag()
    .default('proofbox')
    .describe(
      'The hash tag with which all keys begin, the same for all processes of a shop. Two shops with different tags, or in different databases, can share a Redis. Letters, digits, `.`, `_`, `:` and `-`.',
    ),
};
