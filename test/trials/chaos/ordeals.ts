import { setTimeout as pause } from 'node:timers/promises';
import type { Arena } from './arena.ts';
import type { Injector } from './injector.ts';
import type { Strike } from './strike.ts';

type Scene = { arena: Arena; injector: Injector; signal: AbortSignal };

/** Strikes as the schedule says. Resolves after `lengthMs`. @throws AbortError */
export function followSchedule(
  schedule: readonly Strike[],
  lengthMs: number,
): (scene: Scene) => Promise<void> {
  return async ({ injector, signal }) => {
    const begunAt = performance.now();
    const until = (atMs: number): Promise<void> =>
      pause(Math.max(0, begunAt + atMs - performance.now()), undefined, { signal });
    for (const strike of schedule) {
      await until(strike.atMs);
      injector.strike(strike);
    }
    await until(lengthMs);
  };
}

/** Stops and starts one worker after the other, `count` times. @param onStop is told how long each took to stop */
export function rollingRestarts(
  count: number,
  onStop: (n: number, name: string, tookMs: number) => void,
): (scene: Scene) => Promise<void> {
  return async ({ arena, injector, signal }) => {
    for (let n = 1; n <= count; n += 1) {
      signal.throwIfAborted();
      const name = arena.workers[(n - 1) % arena.workers.length]!;
      onStop(n, name, await injector.restart(name));
    }
  };
}
