import type { Socket } from 'node:net';
import type { LinkCondition } from './link.ts';

/** Carries one direction of a connection, in order. */
export type Conveyor = {
  become(condition: LinkCondition): void;
  /** Something that came was not passed on, and never will be. */
  readonly hasSwallowed: boolean;
};

/** @param watch sees every piece that comes, also one that is swallowed */
export function startConveyor(from: Socket, to: Socket, watch?: (piece: Buffer) => void): Conveyor {
  let condition: LinkCondition = { kind: 'open' };
  let hasSwallowed = false;
  /** Nothing overtakes what came before it, also when a delay ends. */
  const belt: { dueAt: number; deliver: () => void }[] = [];
  let timer: NodeJS.Timeout | undefined;

  function put(deliver: () => void): void {
    if (condition.kind === 'blackhole') {
      hasSwallowed = true;
      return;
    }
    const delayMs = condition.kind === 'delay' ? condition.ms : 0;
    belt.push({ dueAt: performance.now() + delayMs, deliver });
    if (timer === undefined) move();
  }

  function move(): void {
    timer = undefined;
    while (belt.length > 0 && !to.destroyed) {
      const dueInMs = belt[0]!.dueAt - performance.now();
      if (dueInMs > 0) {
        timer = setTimeout(move, Math.ceil(dueInMs));
        return;
      }
      belt.shift()!.deliver();
    }
  }

  from.on('data', (piece: Buffer) => {
    watch?.(piece);
    put(() => {
      if (to.write(piece)) return;
      from.pause();
      to.once('drain', () => from.resume());
    });
  });
  from.on('end', () => put(() => to.end()));
  return {
    become(next) {
      condition = next;
    },
    get hasSwallowed() {
      return hasSwallowed;
    },
  };
}
