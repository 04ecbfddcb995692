import { expect, test } from 'vitest';
import { isAsPromised } from './result.ts';
import { runRedisAway } from './run-redis-away.ts';

const variants: [string, boolean][] = [
  ['every order is answered with 202 at once', false],
  ['every order is answered with 202, if need be when it is sent again after ingest was killed', true],
];

test.each(variants)(
  'Redis is away for 6 s at 30 orders a second: %s, and each is fulfilled once within 30 s of its return',
  async (_name, killIngest) => {
    const { flaws, ...result } = await runRedisAway({ seconds: 6, rate: 30, killIngest });
    expect(flaws).toEqual([]);
    expect(result).toMatchObject({ refused: 0, lost: 0, twice: 0, ingestKilled: killIngest });
    expect(result.accepted).toBeGreaterThanOrEqual(6 * 30);
    expect(isAsPromised(result)).toBe(true);
  },
  120_000,
);
