import { beforeEach, expect, test } from 'vitest';
import { createWatchdog } from './watchdog.ts';

let clock: { now: number };
let due: () => Promise<number>;
let told: string[];
let consumer: { isHungry: boolean; lastFetchedAt: number; replaceWorker: () => void };
let dog: { check(): Promise<void> };
beforeEach(() => {
  clock = { now: 1_000_000 };
  due = async () => 5;
  told = [];
  consumer = { isHungry: true, lastFetchedAt: 0, replaceWorker: () => void told.push('replaced') };
  dog = createWatchdog({
    consumer,
    queue: { due: () => due() },
    now: () => clock.now,
    onReplaced: (inVain) => void told.push(`${inVain} in vain`),
    onGivenUp: () => void told.push('given up'),
  });
});

/** @param each what happens in each second */
async function pass(seconds: number, each = () => {}): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    each();
    await dog.check().catch(() => {});
    clock.now += 1_000;
  }
}

function fetchOne(): void {
  consumer.lastFetchedAt = clock.now;
}

/** @guarantee G8 */
test('a consumer that fetches nothing for 15 s while orders wait is replaced, and not before', async () => {
  await pass(15);
  expect(told).toEqual([]);
  await pass(1);
  expect(told).toEqual(['replaced', '0 in vain']);
});

test('after two replacements in vain it is given up, once', async () => {
  await pass(31);
  expect(told).toEqual(['replaced', '0 in vain', 'replaced', '1 in vain']);
  await pass(60);
  expect(told.slice(4)).toEqual(['given up']);
});

test('one order is enough to start counting anew', async () => {
  await pass(31);
  fetchOne();
  await pass(40);
  expect(told).toEqual([
    'replaced',
    '0 in vain',
    'replaced',
    '1 in vain',
    'replaced',
    '0 in vain',
    'replaced',
    '1 in vain',
  ]);
});

test.for([
  ['that fetches now and then', () => pass(120, () => clock.now % 10_000 === 0 && fetchOne())],
  [
    'that is idle, or has all hands full',
    async () => {
      consumer.isHungry = false;
      await pass(120);
    },
  ],
  [
    'for which nothing waits',
    async () => {
      due = async () => 0;
      await pass(120);
    },
  ],
  [
    'for which orders wait since a moment ago only',
    async () => {
      due = async () => 0;
      await pass(120);
      due = async () => 5;
      await pass(15);
    },
  ],
  [
    'whose Redis is away now and then',
    () =>
      pass(120, () => {
        due = async () => {
          if (clock.now % 10_000 === 0) throw new Error('away');
          return 5;
        };
      }),
  ],
] as const)('a consumer %s is left alone', async ([, live]) => {
  await live();
  expect(told).toEqual([]);
});
