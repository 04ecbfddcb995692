import { randomUUID } from 'node:crypto';
import { Queue, Worker, type Job } from 'bullmq';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createJobCheck, type JobFindings } from './check-jobs.ts';
import { openTestLedger, type TestLedger } from '../testing/test-ledger.ts';

let box: TestLedger;
beforeEach(() => {
  box = openTestLedger();
});
afterEach(() => box[Symbol.asyncDispose]());

/** One job of the real queue, moved by BullMQ itself. */
type Executor = AsyncDisposable & {
  id: string;
  /** From `delayed` to `wait`. */
  promote(): Promise<void>;
  /** From `wait` to `active`, with a lock. */
  take(): Promise<void>;
  /** From `active` back to `wait`, or to `delayed`. */
  giveBack(): Promise<void>;
  delay(): Promise<void>;
  /** The job is gone. */
  complete(): Promise<void>;
};

/** The job of an order that waits. */
async function openExecutor(): Promise<Executor> {
  const { names, redis } = box;
  const options = { connection: redis, prefix: names.queuePrefix, skipVersionCheck: true };
  const queue = new Queue(names.queueName, options);
  const worker = new Worker(names.queueName, null, { ...options, autorun: false });
  const id = await box.accepted();
  await box.queue.add(id);
  const token = randomUUID();
  let taken: Job | undefined;
  return {
    id,
    async promote() {
      await (await queue.getJob(id))!.promote();
    },
    async take() {
      taken = await worker.getNextJob(token, { block: false });
    },
    async giveBack() {
      await taken!.moveToWait(token);
    },
    async delay() {
      await taken!.moveToDelayed(Date.now() + 60_000, token);
    },
    async complete() {
      await taken!.moveToCompleted(undefined, token, false);
    },
    async [Symbol.asyncDispose]() {
      await worker.close();
      await queue.close();
    },
  };
}

type Moment = 'active is read' | 'delayed is read' | 'the lists are compared' | 'strays are dropped';

/** The command that is sent then, and which one of its kind it is: `wait` is read first. */
const commands: Record<Moment, [name: string, nth: number]> = {
  'active is read': ['proofbox:check-jobs', 2],
  'delayed is read': ['proofbox:check-jobs', 3],
  'the lists are compared': ['zrange', 1],
  'strays are dropped': ['proofbox:drop-stray-jobs', 1],
};

/** Audits, while something happens just before certain moments. */
async function checkMeanwhile(meanwhile: Partial<Record<Moment, () => Promise<void>>>): Promise<JobFindings> {
  const { names, queue } = box;
  const seen = new Map<string, number>();
  async function before(command: string): Promise<void> {
    const nth = (seen.get(command) ?? 0) + 1;
    seen.set(command, nth);
    for (const [moment, [name, n]] of Object.entries(commands)) {
      if (name === command && n === nth) await meanwhile[moment as Moment]?.();
    }
  }
  const redis = new Proxy(box.redis, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      const call = (...args: unknown[]): unknown => Reflect.apply(value, target, args);
      const isWatched = Object.values(commands).some(([command]) => command === name);
      return isWatched
        ? async (...args: unknown[]) => {
            await before(String(name));
            return call(...args);
          }
        : call;
    },
  });
  return createJobCheck({ redis, names, queue }).checkJobs({ mend: true });
}

async function listed() {
  const { redis, names } = box;
  return {
    wait: await redis.lrange(names.job('wait'), 0, -1),
    active: await redis.lrange(names.job('active'), 0, -1),
    delayed: await redis.zrange(names.job('delayed'), 0, '-1'),
  };
}

const nowhere = { wait: [], active: [], delayed: [] };

/** @guarantee G1 */
describe('a job that moves on while the lists are read, so that each is read without it, is left alone', () => {
  test('when its time has come', async () => {
    await using job = await openExecutor();
    await job.take();
    await job.delay();
    const { stray } = await checkMeanwhile({ 'delayed is read': () => job.promote() });
    expect(stray).toEqual([]);
    expect(await listed()).toEqual({ ...nowhere, wait: [job.id] });
  });

  test('when a worker gives it back', async () => {
    await using job = await openExecutor();
    await job.take();
    const { stray } = await checkMeanwhile({ 'active is read': () => job.giveBack() });
    expect(stray).toEqual([]);
    expect(await listed()).toEqual({ ...nowhere, wait: [job.id] });
  });

  test('when its time has come and a worker takes it', async () => {
    await using job = await openExecutor();
    await job.take();
    await job.delay();
    const { stray } = await checkMeanwhile({
      'delayed is read': () => job.promote(),
      'the lists are compared': () => job.take(),
    });
    expect(stray).toEqual([]);
    expect(await listed()).toEqual({ ...nowhere, active: [job.id] });
  });

  test('when a worker takes it and has it wait for its next round', async () => {
    await using job = await openExecutor();
    await job.take();
    await job.delay();
    const { stray } = await checkMeanwhile({
      'delayed is read': () => job.promote(),
      'the lists are compared': async () => {
        await job.take();
        await job.delay();
      },
    });
    expect(stray).toEqual([]);
    expect(await listed()).toEqual({ ...nowhere, delayed: [job.id] });
  });

  test('when it is done with: it does not come back', async () => {
    await using job = await openExecutor();
    await job.take();
    await job.delay();
    const { stray } = await checkMeanwhile({
      'delayed is read': () => job.promote(),
      'strays are dropped': async () => {
        await job.take();
        await job.complete();
      },
    });
    expect(stray).toEqual([]);
    expect(await listed()).toEqual(nowhere);
  });
});

test('a job that a worker holds is left to it, whatever lists it is in', async () => {
  await using job = await openExecutor();
  await job.take();
  await box.redis.del(box.names.job('active'));
  expect((await checkMeanwhile({})).stray).toEqual([]);
  expect(await listed()).toEqual(nowhere);
});

test('a job that is in no list, and stays so, is replaced', async () => {
  await using job = await openExecutor();
  await box.redis.del(box.names.job('wait'));
  expect((await checkMeanwhile({})).stray).toEqual([job.id]);
  expect(await listed()).toEqual({ ...nowhere, wait: [job.id] });
});
