import type { FactoryName } from '@proofbox/contract';
import { askHealthPage } from '@proofbox/factory/client';
import { every } from '@proofbox/runtime';
import { sendDueCanaries, sendWitness, type CanaryOptions } from './canary.ts';
import type { Events } from '../telemetry/events.ts';

const healthIntervalMs = 5_000;
/** How often it is looked whether a canary is due. */
const longestLookMs = 1_000;

export type LookoutOptions = Omit<Parameters<typeof sendDueCanaries>[0], keyof CanaryOptions> &
  Omit<CanaryOptions, 'signal' | 'events'> & {
    events: Pick<Events, 'canaryEnded' | 'healthPageSeen'>;
    /** Whether this worker is the first of the fleet now. */
    isFirst: () => boolean;
    onError: (error: Error) => void;
  };

export type Lookout = AsyncDisposable & {
  /** Has a canary order sent to a factory that refused an order, by whichever worker asks; where canaries are on. */
  wantWitness(factory: FactoryName): void;
};

/**
 * What the first worker of the fleet does for all of them: it looks at the factories' health pages, and sends canary
 * orders where `intervalMs` is not 0. Disposing gives up what is under way.
 */
export function startLookout(options: LookoutOptions): Lookout {
  const { factories, intervalMs, isFirst, events, onError } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const opened = new AsyncDisposableStack();

  async function lookAtHealthPages(): Promise<void> {
    if (!isFirst()) return;
    await Promise.all(
      factories.map(async ({ name, healthUrl }) => {
        if (healthUrl === undefined) return;
        const answer = await askHealthPage(healthUrl, signal);
        if (!signal.aborted) events.healthPageSeen(name, answer);
      }),
    );
  }

  async function sendCanaries(): Promise<void> {
    if (isFirst()) await sendDueCanaries({ ...options, signal });
  }

  if (factories.some((factory) => factory.healthUrl !== undefined))
    opened.use(every(healthIntervalMs, lookAtHealthPages, onError));
  if (intervalMs > 0) opened.use(every(Math.min(longestLookMs, intervalMs), sendCanaries, onError));
  opened.defer(() => stopping.abort());
  return {
    wantWitness(name) {
      const factory = factories.find((each) => each.name === name);
      if (intervalMs === 0 || factory === undefined || signal.aborted) return;
      sendWitness(factory, { ...options, signal }).catch(onError);
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}
