import type { FactoryName, ParkReason } from '@proofbox/contract';
import type { Redis } from 'ioredis';
import { defineScript, readLua } from './define-script.ts';
import { createLedger, type Ledger, type NewOrder } from './ledger.ts';
import type { Names } from './names.ts';
import type { RunOrderScript } from './order-scripts.ts';

/** The life of a dead letter. Times in ms since the epoch. */
export type DeadLetterSeed = {
  order: NewOrder & { acceptedAt: number };
  /** Each failed. */
  attempts: { factory: FactoryName; startedAt: number; endedAt: number; status: number; detail: string }[];
  state: 'dead' | 'held';
  reason: ParkReason;
  restedAt: number;
};

type Step = [script: string, keys: string[], args: string[]];

const scripts = ['accept', 'begin-attempt', 'settle', 'park'];

/**
 * Makes dead letters by the hundred in one call, for measurements. The ledger says what it would run, and all of it is
 * run at once: what is in Redis afterwards is what a shop would have left there. They are in no queue.
 */
export function createSeeder({ redis, names }: { redis: Redis; names: Names }) {
  const seed = defineScript(redis, 'seed', { keys: 0, before: scriptsAsFunctions() });
  return async function seedDeadLetters(seeds: DeadLetterSeed[]): Promise<void> {
    const steps: Step[] = [];
    const clock = { now: 0 };
    const run: RunOrderScript = async (script, keys, args) => {
      steps.push([script, keys, args.map(String)]);
      return [];
    };
    const ledger = createLedger({ redis, names, now: () => clock.now, run });
    for (const each of seeds) await live(ledger, clock, each);
    await seed(JSON.stringify(steps));
  };
}

async function live(
  ledger: Ledger,
  clock: { now: number },
  { order, attempts, state, reason, restedAt }: DeadLetterSeed,
): Promise<void> {
  const { id } = order;
  await ledger.accept(order);
  for (const [i, { factory, startedAt, endedAt, status, detail }] of attempts.entries()) {
    clock.now = startedAt;
    await ledger.beginAttempt({ id, factory, worker: 'seed', token: `${id}-${i}` });
    clock.now = endedAt;
    await ledger.settle({ id, n: i + 1, outcome: { kind: 'failed', status, detail } });
  }
  clock.now = restedAt;
  await ledger.park({ id, state, reason });
}

function scriptsAsFunctions(): string {
  const shared = ['audit-entry', 'dead-letter-places'].map(readLua).join('\n');
  const prelude = readLua('prelude');
  const functions = scripts.map(
    (name) => `scripts['${name}'] = function(KEYS, ARGV)\n${prelude}\n${readLua(name)}\nend`,
  );
  return `${shared}\nlocal scripts = {}\n${functions.join('\n')}`;
}
