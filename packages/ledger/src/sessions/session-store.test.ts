import { expect, test } from 'vitest';
import { createSessionStore } from './session-store.ts';
import { openTestLedger } from '../testing/test-ledger.ts';

test('a session is kept until its time is over, under a name that does not tell it', async () => {
  await using opened = openTestLedger();
  const { redis, names } = opened;
  const store = createSessionStore({ redis, names });
  const id = 'what-the-browser-holds';
  expect(await store.find(id)).toBeUndefined();
  await store.save(id, 'who it is', Date.now() + 60_000);
  expect(await store.find(id)).toBe('who it is');

  const keys = await redis.keys(names.adminSession('*'));
  expect(keys).toHaveLength(1);
  expect(keys.join()).not.toContain(id);
  expect(await redis.pttl(keys[0]!)).toBeLessThanOrEqual(60_000);

  await store.end(id);
  expect(await store.find(id)).toBeUndefined();
  await store.save(id, 'over', Date.now() - 1);
  expect(await store.find(id)).toBeUndefined();
});
