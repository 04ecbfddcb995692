import { setTimeout as pause } from 'node:timers/promises';
import { describeExit, type ManagedProcess, type Redis } from '@proofbox/local';

/** A process that can be struck: one of the stack, or Redis. */
type Ward = ManagedProcess | Redis;

export type SupervisorOptions = {
  name: string;
  ward: Ward;
  /** Of what happened that nobody asked for. */
  say: (line: string) => void;
  /** From now on everything is mended at once. */
  mending: AbortSignal;
};

/** Strikes one process, and starts it again whenever it has ended, as the supervisor of a real one would. */
export type Supervisor = AsyncDisposable & {
  /** It is being struck, or started again. */
  readonly isBusy: boolean;
  /** Ends it, keeps it down, and starts it again; resolves when it is ready. @returns how long it took to end, in ms */
  end(signal: 'SIGKILL' | 'SIGTERM', downMs: number): Promise<number>;
  /** Stops it in its tracks for so long. */
  freeze(forMs: number): Promise<void>;
  /** Resolves when it runs and nothing is done to it. */
  settled(): Promise<void>;
};

const startTries = 5;
/** One that has not stopped by then never will. */
const hopelessMs = 20_000;

export function supervise({ name, ward, say, mending }: SupervisorOptions): Supervisor {
  let work: Promise<unknown> | undefined;
  let isClosed = false;

  async function busily<T>(doIt: () => Promise<T>): Promise<T> {
    if (work !== undefined) throw new Error(`${name} is busy already`);
    const mine = doIt();
    work = mine.catch(() => {});
    try {
      return await mine;
    } finally {
      work = undefined;
      watch();
    }
  }

  async function start(tries = startTries): Promise<void> {
    if (isClosed) return;
    try {
      await ward.restart();
    } catch (error) {
      say(`${name} did not start: ${(error as Error).message}`);
      if (tries === 1) throw error;
      await start(tries - 1);
    }
  }

  /** A process that ends by itself is started again, and told of. */
  function watch(): void {
    const life = ward.exited;
    void life.then((exit) => {
      if (work !== undefined || isClosed || life !== ward.exited) return;
      const words = ward.logs().trim().split('\n').slice(-3).join('\n  ');
      say(`${name} ended by itself (${describeExit(exit)}):\n  ${words}`);
      busily(start).catch(() => {});
    });
  }

  /** Cut short when everything is to be mended. */
  async function wait(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: mending }).catch(() => {});
  }

  async function settled(): Promise<void> {
    if (work === undefined) return;
    await work;
    await settled();
  }

  watch();
  return {
    get isBusy() {
      return work !== undefined;
    },
    end: (signal, downMs) =>
      busily(async () => {
        const begunAt = performance.now();
        await ward.kill(signal);
        const killing = setTimeout(() => void ward.kill('SIGKILL'), hopelessMs);
        await ward.exited;
        clearTimeout(killing);
        const tookMs = performance.now() - begunAt;
        await wait(downMs);
        await start();
        return tookMs;
      }),
    freeze: (forMs) =>
      busily(async () => {
        await ward.kill('SIGSTOP');
        try {
          await wait(forMs);
        } finally {
          await ward.kill('SIGCONT');
        }
      }),
    settled,
    async [Symbol.asyncDispose]() {
      isClosed = true;
      await work;
    },
  };
}
