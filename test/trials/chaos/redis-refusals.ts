import { setTimeout as pause } from 'node:timers/promises';
import { askRedis } from '@proofbox/local';
import type { FaultKind } from './strike.ts';

/** Commands, each on a connection of its own. The last one of `begin` may go on until `end`. */
type Refusal = { begin: string[][]; end: string[][] };

/** How a Redis comes to answer, but no. */
export const redisRefusals: Partial<Record<FaultKind, Refusal>> = {
  'redis-full': {
    begin: [['CONFIG', 'SET', 'maxmemory', '1']],
    end: [['CONFIG', 'SET', 'maxmemory', '0']],
  },
  'redis-readonly': {
    begin: [['REPLICAOF', '127.0.0.1', '1']],
    end: [['REPLICAOF', 'NO', 'ONE']],
  },
  'redis-busy': {
    // After so many ms it says that it is busy, instead of nothing at all.
    begin: [
      ['CONFIG', 'SET', 'busy-reply-threshold', '50'],
      ['EVAL', 'while true do end', '0'],
    ],
    end: [
      ['SCRIPT', 'KILL'],
      ['CONFIG', 'SET', 'busy-reply-threshold', '5000'],
    ],
  },
};

const longestMs = 60_000;
const askEveryMs = 50;

/** Has a Redis refuse `until` then. @throws Error when it does not do as it is told */
export async function refuse(options: {
  url: string;
  refusal: Refusal;
  until: Promise<void>;
}): Promise<void> {
  const { url, refusal, until } = options;
  for (const command of refusal.begin.slice(0, -1)) await insist(url, command);
  const lasting = askRedis(url, refusal.begin.at(-1)!, longestMs);
  // Whatever it says in the end: a script that is killed says so.
  lasting.catch(() => {});
  await until;
  for (const command of refusal.end) await insist(url, command);
  await lasting;
}

/** A script takes a moment to begin, and to be killed. */
async function insist(url: string, command: string[]): Promise<void> {
  const signal = AbortSignal.timeout(longestMs);
  for (;;) {
    const reply = await askRedis(url, command, longestMs);
    if (!reply.startsWith('-')) return;
    if (signal.aborted || !/^-(NOT)?BUSY/.test(reply)) throw new Error(`${command.join(' ')}: ${reply}`);
    await pause(askEveryMs);
  }
}
