import type { Phase } from './phases.ts';
import type { Scene } from './scene.ts';

/** Shows whoever watches how things go. */
export type View = {
  say(line: string): void;
  phase(phase: Phase, elapsedMs: number): void;
  /** May be called often. */
  show(scene: Scene): void;
  /** Leaves on the screen what is worth keeping. */
  end(): void;
};

/** Such as ` 8 s`, right-aligned for times below 100 s. */
export function seconds(ms: number): string {
  return `${String(Math.round(ms / 1_000)).padStart(2)} s`;
}
