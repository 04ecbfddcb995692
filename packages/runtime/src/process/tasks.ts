import { Gauge, type Registry } from 'prom-client';
import { every, stopAll, type EveryOptions } from './every.ts';

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

export type TasksOptions = Pick<EveryOptions, 'sleep'> & {
  tasks: readonly Task[];
  /** Whether this process is the first of its fleet now. */
  isFirst: () => boolean;
  metrics: Registry;
  onError: (error: Error) => void;
};

const jitter = 0.1;
const mostBackOff = 4;

/** Runs each task in a loop of its own, at once and then at its interval, until disposed. */
export function startTasks(options: TasksOptions): AsyncDisposable {
  const { tasks, isFirst, metrics, onError, sleep } = options;
  const lastSuccess = new Gauge({
    name: 'proofbox_task_last_success_timestamp_seconds',
    help: 'When each periodic task of this worker last ended well, in seconds since the epoch. A task that only the first worker runs is absent on the others.',
    labelNames: ['task'],
    registers: [metrics],
  });
  const loops = tasks.map(({ name, intervalMs, isForFirst = false, run }) =>
    every(
      intervalMs,
      async (signal) => {
        if (isForFirst && !isFirst()) return;
        await run(signal);
        lastSuccess.set({ task: name }, Date.now() / 1_000);
      },
      onError,
      { jitter, mostBackOff, ...(sleep && { sleep }) },
    ),
  );
  return { [Symbol.asyncDispose]: () => stopAll(loops) };
}
