import type { FactoryName } from '@proofbox/contract';
import { askHealthPage } from '@proofbox/factory/client';
import type { Task } from '@proofbox/runtime';
import type { Events } from '../telemetry/events.ts';
import { sendDueCanaries, sendWitness, type CanaryOptions } from './canary.ts';

const healthIntervalMs = 5_000;
/** How often the first worker looks whether a canary is due. */
const longestLookMs = 1_000;

export type MonitorOptions = Omit<Parameters<typeof sendDueCanaries>[0], keyof CanaryOptions> &
  Omit<CanaryOptions, 'signal' | 'events'> & {
    events: Pick<Events, 'canaryEnded' | 'healthPageSeen'>;
    onError: (error: Error) => void;
  };

export type FactoryMonitor = Disposable & {
  tasks: Task[];
  /** Has a canary order sent to a factory that refused an order, by whichever worker asks; where canaries are on. */
  wantWitness: (factory: FactoryName) => void;
};

/** Looks at the factories' health pages, and sends canary orders where `intervalMs` is not 0. */
export function monitorFactories(options: MonitorOptions): FactoryMonitor {
  const { factories, intervalMs, events, onError } = options;
  const stopping = new AbortController();

  const healthPages: Task = {
    name: 'health_pages',
    intervalMs: healthIntervalMs,
    isForFirst: true,
    async run(signal) {
      await Promise.all(
        factories.map(async ({ name, healthUrl }) => {
          if (healthUrl === undefined) return;
          const answer = await askHealthPage(healthUrl, signal);
          if (!signal.aborted) events.healthPageSeen(name, answer);
        }),
      );
    },
  };
  const canaries: Task = {
    name: 'canaries',
    intervalMs: Math.min(longestLookMs, intervalMs),
    isForFirst: true,
    run: (signal) => sendDueCanaries({ ...options, signal }),
  };
  const hasHealthPages = factories.some(({ healthUrl }) => healthUrl !== undefined);
  return {
    tasks: [...(hasHealthPages ? [healthPages] : []), ...(intervalMs > 0 ? [canaries] : [])],
    wantWitness(name) {
      const factory = factories.find((each) => each.name === name);
      const { signal } = stopping;
      if (intervalMs === 0 || factory === undefined || signal.aborted) return;
      sendWitness(factory, { ...options, signal }).catch(onError);
    },
    [Symbol.dispose]: () => stopping.abort(),
  };
}
