import { readBreakerStates, type BreakerStates } from '../../support/breaker-states.ts';
import type { SynchronousClient } from '../../support/synchronous-client.ts';
import type { Traffic } from '../../support/traffic.ts';
import type { Phase } from './phases.ts';
import { sceneOf } from './scene.ts';
import type { View } from './view.ts';

const drawEveryMs = 250;
const askEveryMs = 500;

/** Keeps the view up to date. Disposing it stops that. */
export type Screen = Disposable & {
  /** @param lastsMs how long the phase will be, if that is known */
  enter(phase: Phase, lastsMs?: number): void;
};

export function openScreen(options: {
  view: View;
  traffic: Traffic;
  synchronous: SynchronousClient;
  workerUrl: string;
}): Screen {
  const { view, traffic, synchronous, workerUrl } = options;
  const openedAt = performance.now();
  let breakers: BreakerStates = {};
  let phase: Phase | undefined;
  let endsAt: number | undefined;

  function draw(): void {
    if (phase === undefined) return;
    const now = performance.now();
    const leftMs = endsAt === undefined ? undefined : Math.max(0, endsAt - now);
    view.show(sceneOf({ elapsedMs: now - openedAt, phase, leftMs, traffic, synchronous, breakers }));
  }

  async function ask(): Promise<void> {
    breakers = await readBreakerStates(workerUrl).catch(() => ({}));
  }

  const drawing = setInterval(draw, drawEveryMs);
  const asking = setInterval(() => void ask(), askEveryMs);
  void ask();
  return {
    enter(next, lastsMs) {
      const now = performance.now();
      phase = next;
      endsAt = lastsMs === undefined ? undefined : now + lastsMs;
      view.phase(phase, now - openedAt);
    },
    [Symbol.dispose]() {
      clearInterval(drawing);
      clearInterval(asking);
    },
  };
}
