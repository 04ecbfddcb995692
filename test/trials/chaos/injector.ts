import { setTimeout as pause } from 'node:timers/promises';
import type { FactoryName } from '@proofbox/contract';
import type { Arena } from './arena.ts';
import type { FactoryBooks } from './factory-books.ts';
import { redisRefusals, refuse } from './redis-refusals.ts';
import {
  countedAs,
  describeStrike,
  factoryFault,
  linkCondition,
  processFault,
  type Strike,
} from './strike.ts';
import { supervise } from './supervisor.ts';

/** Breaks things, and mends them again. */
export type Injector = AsyncDisposable & {
  /** Breaks something and sees to it that it is mended in time. */
  strike(strike: Strike): void;
  /** Stops a process and starts it again; resolves when it is ready. @returns how long it took to stop, in ms */
  restart(name: string): Promise<number>;
  /**
   * Mends everything at once; resolves when all of it is.
   * @throws Error when a process did not come back
   */
  mend(): Promise<void>;
  /** How often each fault struck each kind of target, such as `kill worker`. */
  readonly counts: Readonly<Record<string, number>>;
};

export type InjectorOptions = {
  arena: Arena;
  /** Noted before a factory is ended. */
  books: FactoryBooks;
  say: (line: string) => void;
};

/** Every process of ours allows itself 9.5 s. */
const slowStopMs = 10_000;

export function createInjector({ arena, books, say }: InjectorOptions): Injector {
  const mending = new AbortController();
  const wards = [...arena.stack.processes, ['redis', arena.redis] as const];
  const supervisors = new Map(
    wards.map(([name, ward]) => [name, supervise({ name, ward, say, mending: mending.signal })] as const),
  );
  const counts: Record<string, number> = {};
  const underWay: Promise<void>[] = [];

  async function wait(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: mending.signal }).catch(() => {});
  }

  async function strikeLink(strike: Strike): Promise<void> {
    const link = arena.links.get(strike.target)!;
    link.become(linkCondition(strike)!);
    await wait(strike.durationMs);
    link.become({ kind: 'open' });
  }

  async function strikeFactory(strike: Strike): Promise<void> {
    const factory = arena.factories[strike.target as FactoryName];
    await factory.misbehave(factoryFault(strike)!);
    await wait(strike.durationMs);
    await factory.mend();
  }

  async function end(name: string, signal: 'SIGTERM' | 'SIGKILL', downMs: number): Promise<number> {
    if (name === 'primary' || name === 'fallback') await books.note(name);
    const tookMs = await supervisors.get(name)!.end(signal, downMs);
    if (tookMs > slowStopMs) say(`${name} took ${Math.round(tookMs)} ms to stop`);
    return tookMs;
  }

  async function carryOut(strike: Strike): Promise<void> {
    const { fault, target, durationMs } = strike;
    if (fault.startsWith('link-')) return strikeLink(strike);
    if (fault.startsWith('factory-')) return strikeFactory(strike);
    const refusal = redisRefusals[fault];
    if (refusal) return refuse({ url: arena.redis.url, refusal, until: wait(durationMs) });
    const what = processFault(fault);
    if (what === 'freeze') return supervisors.get(target)!.freeze(durationMs);
    await end(target, what === 'kill' ? 'SIGKILL' : 'SIGTERM', durationMs);
  }

  function count(strike: Pick<Strike, 'fault' | 'target'>): void {
    const what = countedAs(strike);
    counts[what] = (counts[what] ?? 0) + 1;
  }

  return {
    counts,
    strike(strike) {
      if (supervisors.get(strike.target)?.isBusy) {
        return say(`${describeStrike(strike)}: passed over, it is still coming back`);
      }
      say(describeStrike(strike));
      count(strike);
      const mended = carryOut(strike);
      // Whoever mends hears of it.
      mended.catch(() => {});
      underWay.push(mended);
    },
    async restart(name) {
      count({ fault: 'term', target: name });
      return end(name, 'SIGTERM', 0);
    },
    async mend() {
      mending.abort();
      await Promise.all(underWay);
      await Promise.all([...supervisors.values()].map((each) => each.settled()));
    },
    [Symbol.asyncDispose]: async () => {
      mending.abort();
      await Promise.all([...supervisors.values()].map((each) => each[Symbol.asyncDispose]()));
    },
  };
}
