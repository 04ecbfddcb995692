import { setTimeout as delay } from 'node:timers/promises';
import { describeExit, type Exit } from '../process/child.ts';

/** What can be watched: a process of the stack, or Redis. */
export type Supervised = {
  name: string;
  exited(): Promise<Exit>;
  restart(): Promise<void>;
  /** Why it died, as far as it said so itself. */
  lastOutput(): string;
};

export type SupervisionPolicy = {
  /** A life shorter than this was a quick death. */
  quickMs: number;
  /** So many quick deaths in a row end the attempt. */
  quickDeaths: number;
  firstBackOffMs: number;
  maxBackOffMs: number;
};

const defaultPolicy: SupervisionPolicy = {
  quickMs: 10_000,
  quickDeaths: 5,
  firstBackOffMs: 200,
  maxBackOffMs: 5_000,
};

/**
 * Starts a process again whenever it ends by itself, later and later while it keeps dying quickly.
 * Resolves when `signal` is aborted.
 * @throws Error in one line when it died quickly too often
 */
export async function supervise(
  process: Supervised,
  options: { signal: AbortSignal; say: (line: string) => void; policy?: SupervisionPolicy },
): Promise<void> {
  const { signal, say } = options;
  const policy = options.policy ?? defaultPolicy;
  const stopped = new Promise<'stopped'>((resolve) => {
    signal.addEventListener('abort', () => resolve('stopped'), { once: true });
  });
  let quickDeaths = 0;
  let bornAt = performance.now();
  while (!signal.aborted) {
    const end = await Promise.race([process.exited(), stopped]);
    if (end === 'stopped' || signal.aborted) return;
    quickDeaths = performance.now() - bornAt < policy.quickMs ? quickDeaths + 1 : 1;
    const what = describeDeath(process, end);
    if (quickDeaths >= policy.quickDeaths) {
      throw new Error(`${what}; that was ${quickDeaths} times in a row, so everything is closed`);
    }
    const backOffMs = Math.min(policy.maxBackOffMs, policy.firstBackOffMs * 2 ** (quickDeaths - 1));
    say(`${what}; starting it again in ${backOffMs / 1000} s`);
    await Promise.race([delay(backOffMs, undefined, { ref: false }), stopped]);
    if (signal.aborted) return;
    bornAt = performance.now();
    await process.restart().then(
      () => say(`${process.name} runs again`),
      // It has said why on its way out, and the next round counts it.
      () => {},
    );
  }
}

/** A signal comes from outside, so what was said before does not explain it. */
function describeDeath(process: Supervised, exit: Exit): string {
  const lastLine = exit.signal === null ? process.lastOutput() : '';
  return `${process.name} ended by itself (${describeExit(exit)})${lastLine === '' ? '' : `: ${lastLine}`}`;
}
