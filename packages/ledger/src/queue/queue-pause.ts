import { queuePauseView, type QueuePauseView } from '@proofbox/contract/admin';
import type { Redis } from 'ioredis';
import { defineScript } from '../redis/define-script.ts';
import type { Names } from '../redis/names.ts';

/**
 * Whether the workers take orders at all: an operator's word to the whole fleet, kept in Redis. Where nobody ever said
 * anything, also after Redis has lost its data, the queue is not paused.
 */
export type QueuePause = {
  /** As last received: by pub/sub at once, and by asking again whenever `refresh` is called. */
  get(): QueuePauseView;
  /** Asks Redis. While it cannot be asked, the last reply goes on to hold. */
  refresh(): Promise<QueuePauseView>;
  /**
   * Pauses or resumes the queue. @returns `changed` is false where it stood like that already: then `queue` names who
   * did it first. A change has its audit entry, whichever process crashes at whichever point.
   */
  set(input: {
    isPaused: boolean;
    by: string;
    why: string;
  }): Promise<{ changed: boolean; queuePause: QueuePauseView }>;
  /** Calls `listener` after each change that this process receives. */
  watch(listener: (queuePause: QueuePauseView) => void): void;
};

export type QueuePauseOptions = {
  redis: Redis;
  names: Names;
  /** A connection for subscriptions; without it changes are received only by `refresh`. */
  subscriber?: Redis;
  onError: (error: Error) => void;
  /** For tests: in place of Redis' own clock. */
  now?: () => number;
};

const running: QueuePauseView = { isPaused: false };

export function createQueuePause(options: QueuePauseOptions): QueuePause {
  const { redis, names, subscriber, onError, now } = options;
  const setPause = defineScript(redis, new URL('./set-queue-pause.lua', import.meta.url), { keys: 3 });
  const listeners: ((queuePause: QueuePauseView) => void)[] = [];
  let queuePause = running;
  let wasReadable = true;

  /** A value that cannot be read (of another release, or written by hand) pauses nothing, and is reported once. */
  function read(stored: Record<string, string>): QueuePauseView {
    const parsed = parse(stored);
    if (parsed === undefined && wasReadable)
      onError(
        new Error(`the queue switch in ${names.queuePause} cannot be read: the queue is taken as not paused`),
      );
    wasReadable = parsed !== undefined;
    return parsed ?? running;
  }

  function receive(stored: Record<string, string>): QueuePauseView {
    const before = JSON.stringify(queuePause);
    queuePause = read(stored);
    if (JSON.stringify(queuePause) !== before) for (const listener of listeners) listener(queuePause);
    return queuePause;
  }

  async function refresh(): Promise<QueuePauseView> {
    return receive(await redis.hgetall(names.queuePause).catch(asUnreadable));
  }

  if (subscriber) {
    // The message only wakes: Redis answers one connection in order, so the last answer is the newest.
    subscriber.on('message', (channel) => {
      if (channel === names.queuePauseChanged) refresh().catch(onError);
    });
    subscriber.subscribe(names.queuePauseChanged).catch(onError);
  }

  return {
    get: () => queuePause,
    refresh,
    async set({ isPaused, by, why }) {
      const to = isPaused ? '1' : '0';
      const keys = [names.queuePause, names.audit, names.auditOf('queue')];
      const reply = await setPause(...keys, to, by, now?.() ?? '', why, names.queuePauseChanged, names.root);
      const [changed, fields] = reply as [number, string[]];
      return { changed: changed === 1, queuePause: receive(toHash(fields)) };
    },
    watch: (listener) => void listeners.push(listener),
  };
}

/** @returns undefined where it cannot be read */
function parse(stored: Record<string, string>): QueuePauseView | undefined {
  if (Object.keys(stored).length === 0) return running;
  const { isPaused, by, at, why } = stored;
  const view = queuePauseView.safeParse({
    isPaused: isPaused === '1' || (isPaused === '0' ? false : undefined),
    by,
    at: isoOf(at),
    why,
  });
  return view.data;
}

/** A hash as a script returns it: names and values alternate. */
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
