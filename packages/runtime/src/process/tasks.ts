import { setTimeout } from 'node:timers/promises';
import { Gauge, type Registry } from 'prom-client';

/** What a process does again and again beside its main work. */
export type Task = {
  /** As metrics name it. */
  name: string;
  /** From the end of one run to the beginning of the next, in ms. */
  intervalMs: number;
  /** Of all processes of the fleet only the first one runs it. */
  isForFirst?: boolean;
  /** `signal` aborts when the process stops. */
  run: (signal: AbortSignal) => Promise<void>;
};

export type TasksOptions = {
  tasks: readonly Task[];
  /** Whether this process is the first of its fleet now. */
  isFirst: () => boolean;
  metrics: Registry;
  onError: (error: Error) => void;
  /** Waits for so many ms, or until `signal` aborts. */
  sleep?: (ms: number, signal: AbortSignal) => Promise<unknown>;
};

/** Pauses are longer by up to this part, so that processes that started together do not go on together. */
const jitter = 0.1;
/** A task that failed waits twice as long each time, up to so many of its intervals. */
const mostBackOff = 4;

/** Runs each task in a loop of its own, at once and then at its interval, until disposed. */
export function startTasks(options: TasksOptions): AsyncDisposable {
  const { tasks, isFirst, metrics, onError, sleep = realSleep } = options;
  const lastSuccess = new Gauge({
    name: 'proofbox_task_last_success_timestamp_seconds',
    help: 'When each periodic task of this worker last ended well, in seconds since the epoch. Tasks of the first worker only are absent elsewhere.',
    labelNames: ['task'],
    registers: [metrics],
  });
  const stopping = new AbortController();
  const { signal } = stopping;

  async function repeat({ name, intervalMs, isForFirst = false, run }: Task): Promise<void> {
    let backOff = 1;
    while (!signal.aborted) {
      try {
        if (!isForFirst || isFirst()) {
          await run(signal);
          lastSuccess.set({ task: name }, Date.now() / 1_000);
        }
        backOff = 1;
      } catch (error) {
        backOff = Math.min(2 * backOff, mostBackOff);
        onError(error as Error);
      }
      const pauseMs = intervalMs * backOff * (1 + jitter * Math.random());
      await sleep(pauseMs, signal);
    }
  }

  const loops = tasks.map(repeat);
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await Promise.all(loops);
    },
  };
}

async function realSleep(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal }).catch(() => undefined);
}
