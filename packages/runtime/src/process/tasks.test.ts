import { once } from 'node:events';
import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { startTasks, type Task, type TasksOptions } from './tasks.ts';

function start(
  task: Partial<Task> & Pick<Task, 'run'>,
  { isFirst = (): boolean => true, ...more }: Partial<TasksOptions> = {},
) {
  const metrics = new Registry();
  const errors: Error[] = [];
  const tasks = startTasks({
    tasks: [{ name: 'look', intervalMs: 1, ...task }],
    isFirst,
    metrics,
    onError: (error) => errors.push(error),
    ...more,
  });
  return { ...tasks, metrics, errors };
}

test('a task runs at once and again at its interval, one run after the other', async () => {
  let running = 0;
  let most = 0;
  let runs = 0;
  await using tasks = start({
    async run() {
      running += 1;
      most = Math.max(most, running);
      await new Promise(setImmediate);
      running -= 1;
      runs += 1;
    },
  });
  await expect.poll(() => runs, { interval: 5 }).toBeGreaterThan(3);
  expect([most, tasks.errors]).toEqual([1, []]);
});

test('a run that fails is reported, and the next one comes', async () => {
  let runs = 0;
  await using tasks = start({
    async run() {
      runs += 1;
      if (runs === 1) throw new Error('Redis is away');
    },
  });
  await expect.poll(() => runs, { interval: 5 }).toBeGreaterThan(2);
  expect(tasks.errors).toEqual([new Error('Redis is away')]);
});

test('one that keeps failing waits for up to four of its intervals, and for one again once it ends well', async () => {
  const outcomes = ['fails', 'fails', 'fails', 'fails', 'is well', 'fails'];
  const pauses: number[] = [];
  const ended = Promise.withResolvers<void>();
  await using tasks = start(
    {
      intervalMs: 1_000,
      async run() {
        if (outcomes.shift() === 'fails') throw new Error('Redis is away');
      },
    },
    {
      sleep: async (ms, signal) => {
        pauses.push(ms);
        if (outcomes.length > 0) return;
        ended.resolve();
        await once(signal, 'abort');
      },
    },
  );
  await ended.promise;
  // Each is longer by up to a tenth, so that processes that started together drift apart.
  for (const [i, intervals] of [2, 4, 4, 4, 1, 2].entries()) {
    expect(pauses[i]).toBeGreaterThanOrEqual(intervals * 1_000);
    expect(pauses[i]).toBeLessThanOrEqual(intervals * 1_100);
  }
  expect(tasks.errors).toHaveLength(5);
});

test('metrics tell when a task last ended well, and nothing before that', async () => {
  let fails = true;
  let runs = 0;
  await using tasks = start({
    async run() {
      runs += 1;
      if (fails) throw new Error('not yet');
    },
  });
  await expect.poll(() => runs, { interval: 5 }).toBeGreaterThan(1);
  expect(await tasks.metrics.metrics()).not.toMatch(/success_timestamp_seconds\{/);
  fails = false;
  await expect
    .poll(() => tasks.metrics.metrics(), { interval: 5 })
    .toMatch(/proofbox_task_last_success_timestamp_seconds\{task="look"\} 1\d{9}/);
});

test('one for the first process runs nowhere else, and begins where a process becomes the first', async () => {
  let isFirst = false;
  let runs = 0;
  let asked = 0;
  await using tasks = start(
    { isForFirst: true, run: async () => void (runs += 1) },
    {
      isFirst: () => {
        asked += 1;
        return isFirst;
      },
    },
  );
  await expect.poll(() => asked, { interval: 5 }).toBeGreaterThan(2);
  expect(runs).toBe(0);
  isFirst = true;
  await expect.poll(() => runs, { interval: 5 }).toBeGreaterThan(0);
  expect(tasks.errors).toEqual([]);
});

test('the stop of a process aborts what is under way and waits for it', async () => {
  const seen: string[] = [];
  const tasks = start({
    intervalMs: 3_600_000,
    async run(signal) {
      seen.push('began');
      await once(signal, 'abort');
      await new Promise(setImmediate);
      seen.push('ended');
    },
  });
  await tasks[Symbol.asyncDispose]();
  expect(seen).toEqual(['began', 'ended']);
});
