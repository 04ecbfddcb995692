import { drainView, type DrainView } from '@proofbox/contract/admin';
import type { Redis } from 'ioredis';
import { defineScript } from '../redis/define-script.ts';
import type { Names } from '../redis/names.ts';

/**
 * Whether the workers take orders at all: an operator's word to the whole fleet, kept in Redis. Where nobody ever said
 * anything, also after Redis has lost its data, the drain is not paused.
 */
export type DrainSwitch = {
  /** As last heard: by pub/sub at once, and by asking again whenever `refresh` is called. */
  get(): DrainView;
  /** Asks Redis. While it cannot be asked, what was heard last goes on to hold. */
  refresh(): Promise<DrainView>;
  /**
   * Pauses or resumes the drain. @returns `changed` is false where it stood like that already: then `drain` names who
   * did it first. A change has its audit entry, whoever crashes where.
   */
  set(input: { isPaused: boolean; by: string; why: string }): Promise<{ changed: boolean; drain: DrainView }>;
  /** Has `listener` called after each change that this process hears of. */
  watch(listener: (drain: DrainView) => void): void;
};

export type DrainSwitchOptions = {
  redis: Redis;
  names: Names;
  /** A connection for subscriptions; without it changes are heard only by `refresh`. */
  subscriber?: Redis;
  onError: (error: Error) => void;
  /** For tests: in place of Redis' own clock. */
  now?: () => number;
};

const running: DrainView = { isPaused: false };

export function createDrainSwitch(options: DrainSwitchOptions): DrainSwitch {
  const { redis, names, subscriber, onError, now } = options;
  const setDrain = defineScript(redis, new URL('./set-drain.lua', import.meta.url), { keys: 3 });
  const listeners: ((drain: DrainView) => void)[] = [];
  let drain = running;
  let wasReadable = true;

  /** What another release, or a hand, has written in a way that nobody can read pauses nobody, and is told once. */
  function read(stored: Record<string, string>): DrainView {
    const heard = parse(stored);
    if (heard === undefined && wasReadable)
      onError(
        new Error(`the drain switch in ${names.drain} cannot be read: the drain is taken as not paused`),
      );
    wasReadable = heard !== undefined;
    return heard ?? running;
  }

  function hear(stored: Record<string, string>): DrainView {
    const before = JSON.stringify(drain);
    drain = read(stored);
    if (JSON.stringify(drain) !== before) for (const listener of listeners) listener(drain);
    return drain;
  }

  async function refresh(): Promise<DrainView> {
    return hear(await redis.hgetall(names.drain).catch(asUnreadable));
  }

  if (subscriber) {
    // The message only wakes: Redis answers one connection in order, so the last answer is the newest.
    subscriber.on('message', (channel) => {
      if (channel === names.drainChanged) refresh().catch(onError);
    });
    subscriber.subscribe(names.drainChanged).catch(onError);
  }

  return {
    get: () => drain,
    refresh,
    async set({ isPaused, by, why }) {
      const to = isPaused ? '1' : '0';
      const keys = [names.drain, names.audit, names.auditOf('drain')];
      const reply = await setDrain(...keys, to, by, now?.() ?? '', why, names.drainChanged, names.root);
      const [changed, fields] = reply as [number, string[]];
      return { changed: changed === 1, drain: hear(toHash(fields)) };
    },
    watch: (listener) => void listeners.push(listener),
  };
}

/** @returns undefined where it cannot be read */
function parse(stored: Record<string, string>): DrainView | undefined {
  if (Object.keys(stored).length === 0) return running;
  const { isPaused, by, at, why } = stored;
  const view = drainView.safeParse({
    isPaused: isPaused === '1' || (isPaused === '0' ? false : undefined),
    by,
    at: isoOf(at),
    why,
  });
  return view.data;
}

/** A hash as a script returns it: names and values in turn. */
function toHash(fields: string[]): Record<string, string> {
  return Object.fromEntries(fields.flatMap((name, i) => (i % 2 === 0 ? [[name, fields[i + 1]!]] : [])));
}

function isoOf(ms: string | undefined): string | undefined {
  const time = new Date(Number(ms));
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

/** A key that is no hash. */
function asUnreadable(error: unknown): Record<string, string> {
  if (error instanceof Error && error.message.startsWith('WRONGTYPE')) return { isPaused: 'unreadable' };
  throw error;
}
