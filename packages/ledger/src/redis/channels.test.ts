import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { connectPatiently } from './connections.ts';
import { createQueuePause } from '../queue/queue-pause.ts';
import { createLedger } from '../orders/ledger.ts';
import { createNames, databaseOf } from './names.ts';
import { someOrder } from '../testing/test-ledger.ts';

let opened: AsyncDisposableStack;
beforeEach(() => void (opened = new AsyncDisposableStack()));
afterEach(() => opened.disposeAsync());

function connect(url: string): ReturnType<typeof connectPatiently> {
  return opened.adopt(connectPatiently({ url, onError: rethrow }), (redis) => redis.disconnect());
}

function rethrow(error: Error): never {
  throw error;
}

test.each([
  ['redis://h', 0],
  ['redis://h/', 0],
  ['redis://h/0', 0],
  ['rediss://name:word@h:1/15', 15],
])('%s is database %d', (url, database) => {
  expect(databaseOf(url)).toBe(database);
});

test('two shops with one key tag in two databases of a server hear nothing of each other', async () => {
  const keyTag = `test-${randomUUID()}`;
  const urls = [`${inject('redisUrl')}/1`, `${inject('redisUrl')}/2`];
  const [here, there] = urls.map((url) => ({
    redis: connect(url),
    names: createNames(keyTag, databaseOf(url)),
  }));
  const listener = connect(urls[1]!);
  const heard: string[] = [];
  listener.on('message', (channel, message) => heard.push(`${channel} ${message}`));
  await listener.subscribe(...channelsOf(here!.names), ...channelsOf(there!.names));

  for (const shop of [here!, there!]) {
    await createQueuePause({ ...shop, onError: rethrow }).set({
      isPaused: true,
      by: 'ann',
      why: 'new oven',
    });
    const ledger = createLedger(shop);
    const order = someOrder();
    await ledger.accept(order);
    await ledger.deadLetter({ id: order.id, state: 'dead', reason: 'expired' });
  }
  await expect.poll(() => heard.length).toBe(4);
  const ofHere = heard.filter((each) => channelsOf(here!.names).includes(each.split(' ')[0]!));
  expect(ofHere).toHaveLength(2);
  expect(channelsOf(there!.names).filter((each) => channelsOf(here!.names).includes(each))).toEqual([]);
});

test('where no message may be sent, an order changes all the same, and whole', async () => {
  const operator = connect(inject('redisUrl'));
  const user = `user-${randomUUID()}`;
  await operator.call('ACL', 'SETUSER', user, 'on', '>word', '~*', '+@all', 'resetchannels');
  opened.defer(async () => void (await operator.call('ACL', 'DELUSER', user)));
  const url = new URL(inject('redisUrl'));
  url.username = user;
  url.password = 'word';
  const shop = { redis: connect(url.href), names: createNames(`test-${randomUUID()}`) };
  const ledger = createLedger(shop);
  const order = someOrder();
  await ledger.accept(order);
  await expect(ledger.deadLetter({ id: order.id, state: 'dead', reason: 'expired' })).resolves.toMatchObject({
    status: 'dead_lettered',
  });
  await expect(
    createQueuePause({ ...shop, onError: rethrow }).set({ isPaused: true, by: 'ann', why: 'new oven' }),
  ).resolves.toMatchObject({ changed: true });
});

/** Every name that is no key: a channel is heard in all databases. */
function channelsOf(names: ReturnType<typeof createNames>): string[] {
  return [names.settled, names.queuePauseChanged, names.breakersChanged];
}
