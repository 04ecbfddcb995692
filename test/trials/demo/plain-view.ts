import type { Scene } from './scene.ts';
import { seconds, type View } from './view.ts';

const everyMs = 5_000;

/** For a pipe or a file: a line for each phase, and one every 5 s. */
export function createPlainView(write: (text: string) => void): View {
  let nextAt = everyMs;
  return {
    say: (line) => write(`${line}\n`),
    phase: (phase, elapsedMs) => write(`${seconds(elapsedMs)}  ${phase.label}\n`),
    show(scene) {
      if (scene.elapsedMs < nextAt) return;
      nextAt += everyMs;
      write(`${seconds(scene.elapsedMs)}  ${inOneLine(scene)}\n`);
    },
    end() {},
  };
}

function inOneLine(scene: Scene): string {
  const { accepted, fulfilled, waiting, withTicket, synchronous, factories } = scene;
  const { primary, fallback } = factories;
  return [
    `  Proofbox ${accepted} accepted, ${fulfilled} fulfilled, ${waiting} waiting (${withTicket} with a ticket)`,
    `synchronous client ${synchronous.placed} placed, ${synchronous.lost} lost`,
    `primary ${primary.label} (worker ${primary.breaker})`,
    `fallback ${fallback.label} (worker ${fallback.breaker})`,
  ].join('; ');
}
