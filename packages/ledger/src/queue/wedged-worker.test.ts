import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { connectPatiently } from '../redis/connections.ts';
import { createOrderConsumer } from './order-consumer.ts';
import { openTestLedger, type TestLedger } from '../testing/test-ledger.ts';
import { openTestLink, type TestLink } from '../testing/test-link.ts';
import { createWatchdog } from './watchdog.ts';

// BullMQ 6.7 gives a silent fetch up after a second and opens a new connection for it. When that one is silent as
// well, it waits for ever: `isRunning()` stays true, and no error tells.

let opened: AsyncDisposableStack;
let box: TestLedger;
let link: TestLink;
beforeEach(async () => {
  opened = new AsyncDisposableStack();
  box = opened.use(openTestLedger());
  link = opened.use(await openTestLink(inject('redisUrl')));
});
afterEach(() => opened.disposeAsync());

/** A consumer behind the link, and what it was given. With a watchdog it looks as often as it can. */
function consume({ silenceMs }: { silenceMs?: number }) {
  const redis = connectPatiently({ url: link.url, onError() {} });
  opened.defer(() => redis.disconnect());
  const handled: string[] = [];
  const told: string[] = [];
  const consumer = createOrderConsumer({
    redis,
    names: box.names,
    async handle(id) {
      handled.push(id);
      return { next: 'done' };
    },
    onError() {},
  });
  opened.defer(() => consumer.stop(100));
  consumer.setLimit(4);
  if (silenceMs !== undefined) {
    const watchdog = createWatchdog({
      consumer,
      queue: box.queue,
      silenceMs,
      onReplaced: () => told.push('replaced'),
      onGivenUp: () => told.push('given up'),
    });
    const timer = setInterval(() => void watchdog.check().catch(() => {}), 100);
    opened.defer(() => clearInterval(timer));
  }
  return { consumer, handled, told };
}

/** @guarantee G8 */
test('a BullMQ worker whose fetches fall silent is replaced, and the orders go on', async () => {
  const { handled, told } = consume({ silenceMs: 5_000 });
  await box.queue.add('pb-1');
  await expect.poll(() => handled, { timeout: 30_000 }).toEqual(['pb-1']);
  // It blocks for the next job.
  await link.untilAsked('bzpopmin');
  link.silence('bzpopmin', 1);
  await box.queue.add('pb-2');
  await expect.poll(() => handled, { timeout: 30_000 }).toEqual(['pb-1', 'pb-2']);
  expect(told).toEqual(['replaced']);
  await box.queue.add('pb-3');
  await expect.poll(() => handled, { timeout: 30_000 }).toHaveLength(3);
});

test('when nothing it opens gets an answer it is given up, and can be stopped all the same', async () => {
  const { consumer, handled, told } = consume({ silenceMs: 1_000 });
  await box.queue.add('pb-1');
  await expect.poll(() => handled, { timeout: 30_000 }).toEqual(['pb-1']);
  await link.untilAsked('bzpopmin');
  link.silence('bzpopmin', Infinity);
  link.silenceAll();
  await box.queue.add('pb-2');
  await expect.poll(() => told, { timeout: 40_000 }).toEqual(['replaced', 'replaced', 'given up']);
  // It does not wait for what nobody answers: the test would not end.
  await consumer.stop(300);
  expect(await box.queue.counts()).toMatchObject({ waiting: 1 });
});

test('a connection that the network lost is given up, and the commands on it are sent again', async () => {
  const redis = connectPatiently({ url: link.url, onError() {} }, { silenceMs: 1_000 });
  opened.defer(() => redis.disconnect());
  await redis.ping();
  link.silenceAll();
  expect(await redis.ping()).toBe('PONG');
});
