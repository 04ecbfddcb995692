import { describe, expect, test } from 'vitest';
import { conditionFrom, withRefusals, type RedisCondition } from './redis-condition.ts';
import type { RedisFacts } from './redis-facts.ts';

const settings = {
  appendonly: 'yes',
  appendfsync: 'always',
  'no-appendfsync-on-rewrite': 'no',
  'maxmemory-policy': 'noeviction',
};
const sound: RedisFacts = {
  version: '7.4.2',
  role: 'master',
  isLoading: false,
  connectedReplicas: 0,
  usedMemoryBytes: 500,
  maxMemoryBytes: 0,
  settings,
};
const rules = { isTrusted: false, minReplicas: 0 };

function judge(changes: Partial<RedisFacts>, otherRules = {}, wasFit = false) {
  return conditionFrom({ ...sound, ...changes }, { ...rules, ...otherRules }, wasFit);
}

test('a Redis that keeps what it acknowledges is fit', () => {
  expect(judge({})).toEqual({ state: 'fit' });
});

describe('unfit is a Redis', () => {
  test.for([
    ['that keeps no file', { appendonly: 'no' }, /appendonly no, .*set appendonly yes/],
    ['that syncs later', { appendfsync: 'everysec' }, /appendfsync everysec, .*set appendfsync always/],
    [
      'that does not sync during a rewrite',
      { 'no-appendfsync-on-rewrite': 'yes' },
      /set no-appendfsync-on-rewrite no/,
    ],
    ['that evicts', { 'maxmemory-policy': 'volatile-lru' }, /set maxmemory-policy noeviction/],
  ] as const)('%s', ([, change, reason]) => {
    expect(judge({ settings: { ...settings, ...change } })).toEqual({
      state: 'unfit',
      reasons: [expect.stringMatching(reason)],
    });
  });

  /** @guarantee G1 */
  test('with several faults, one sentence for each', () => {
    const faults = { settings: { ...settings, appendonly: 'no', appendfsync: 'no' }, version: '6.0.16' };
    expect(judge(faults)).toMatchObject({
      reasons: [/6\.0\.16/, /appendonly/, /appendfsync/].map((each) => expect.stringMatching(each)),
    });
  });

  test('that hides its settings, with the way out', () => {
    expect(judge({ settings: undefined })).toMatchObject({
      state: 'unfit',
      reasons: [expect.stringContaining('DURABILITY=trust')],
    });
  });

  test.for(['5.0.7', '6.0.16', '2.8'])('of version %s', (version) => {
    expect(judge({ version })).toMatchObject({ state: 'unfit' });
  });
});

test.for(['6.2.0', '7.0.15', '8.0', '10.1.0'])('version %s is new enough', (version) => {
  expect(judge({ version })).toEqual({ state: 'fit' });
});

test('trust goes without the check of settings, and not without a primary', () => {
  const trust = { isTrusted: true };
  expect(judge({ settings: undefined, version: '6.0.0' }, trust)).toEqual({ state: 'fit' });
  expect(judge({ role: 'slave' }, trust)).toMatchObject({ state: 'unfit' });
});

test('a Sentinel is the wrong address', () => {
  expect(judge({ role: 'sentinel' }, { isTrusted: true }, true)).toMatchObject({
    state: 'unfit',
    reasons: [expect.stringContaining('Sentinel')],
  });
});

test('what Redis refuses makes it unfit, whatever else it is, as long as it is there', () => {
  expect(withRefusals({ state: 'fit' }, [])).toEqual({ state: 'fit' });
  expect(withRefusals({ state: 'fit' }, ['a'])).toEqual({ state: 'unfit', reasons: ['a'] });
  expect(withRefusals({ state: 'full', why: 'w' }, ['a'])).toEqual({ state: 'unfit', reasons: ['a'] });
  const unfit: RedisCondition = { state: 'unfit', reasons: ['b', 'a'] };
  expect(withRefusals(unfit, ['a'])).toEqual({ state: 'unfit', reasons: ['a', 'b'] });
  expect(withRefusals({ state: 'away', why: 'w' }, ['a'])).toEqual({ state: 'away', why: 'w' });
});

test('a replica is the wrong address at first, and a failover later', () => {
  expect(judge({ role: 'slave' })).toMatchObject({ state: 'unfit' });
  expect(judge({ role: 'slave' }, {}, true)).toMatchObject({ state: 'away' });
});

test('while it loads its file, or has too few replicas, it is away', () => {
  expect(judge({ isLoading: true })).toMatchObject({ state: 'away' });
  expect(judge({ connectedReplicas: 1 }, { minReplicas: 2 })).toMatchObject({ state: 'away' });
  expect(judge({ connectedReplicas: 2 }, { minReplicas: 2 })).toEqual({ state: 'fit' });
});

test('beyond nine tenths of its memory it is full', () => {
  expect(judge({ usedMemoryBytes: 900, maxMemoryBytes: 1_000 })).toEqual({ state: 'fit' });
  expect(judge({ usedMemoryBytes: 901, maxMemoryBytes: 1_000 })).toMatchObject({ state: 'full' });
});
