import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { connectPatiently, connectSubscriber } from './connections.ts';
import { openTestLink } from '../testing/test-link.ts';

let opened: AsyncDisposableStack;
beforeEach(() => void (opened = new AsyncDisposableStack()));
afterEach(() => opened.disposeAsync());

/** @param url of the Redis; a user of its own if it names one */
function open(url: string) {
  const errors: string[] = [];
  const heard: string[] = [];
  const { subscriber, refusal } = connectSubscriber({ url, onError: (error) => errors.push(error.message) });
  opened.defer(() => subscriber.disconnect());
  subscriber.on('message', (_channel, message) => heard.push(message));
  const publisher = connectPatiently({ url: inject('redisUrl'), onError() {} });
  opened.defer(() => publisher.disconnect());
  return { subscriber, refusal, errors, heard, publisher };
}

/** Until one of the messages that are sent all the time is heard. */
async function untilHeard(it: ReturnType<typeof open>, channel: string, timeout: number): Promise<void> {
  it.heard.length = 0;
  await expect
    .poll(() => it.publisher.publish(channel, 'news').then(() => it.heard.length), { timeout, interval: 50 })
    .toBeGreaterThan(0);
}

test('a subscription whose connection falls silent without an end is there again within seconds', async () => {
  const link = opened.use(await openTestLink(inject('redisUrl')));
  const it = open(link.url);
  const channel = `test-${randomUUID()}`;
  await it.subscriber.subscribe(channel);
  await untilHeard(it, channel, 5_000);
  link.silence('subscribe', 0);
  await untilHeard(it, channel, 15_000);
  expect(it.errors).toEqual([expect.stringMatching(/^Socket timeout/)]);
});

test('a subscription that is refused is told once, asked for again, and there once it is allowed', async () => {
  const [name, channel] = [`user-${randomUUID()}`, `test-${randomUUID()}`];
  const operator = connectPatiently({ url: inject('redisUrl'), onError() {} });
  opened.defer(() => operator.disconnect());
  await operator.call('ACL', 'SETUSER', name, 'on', '>word', '~*', '+@all', 'resetchannels');
  opened.defer(async () => void (await operator.call('ACL', 'DELUSER', name)));
  const url = new URL(inject('redisUrl'));
  url.username = name;
  url.password = 'word';
  const it = open(url.href);
  await it.subscriber.subscribe(channel);
  await expect.poll(() => it.refusal()?.message, { timeout: 5_000 }).toMatch(/^NOPERM/);
  await operator.call('ACL', 'SETUSER', name, 'allchannels');
  await untilHeard(it, channel, 10_000);
  expect([it.refusal(), it.errors]).toEqual([undefined, [expect.stringMatching(/^NOPERM/)]]);
  // Redis ends connections whose subscriptions it does not allow any more.
  await operator.call('ACL', 'SETUSER', name, 'resetchannels');
  await expect.poll(() => it.refusal()?.message, { timeout: 5_000 }).toMatch(/^NOPERM/);
  await operator.call('ACL', 'SETUSER', name, 'allchannels');
  await untilHeard(it, channel, 10_000);
});
