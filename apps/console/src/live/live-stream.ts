import {
  bulkTasks,
  overview,
  redisAway,
  type BulkTask,
  type Overview,
  type RedisAway,
} from '@proofbox/contract/admin';

/**
 * `live`: the numbers are of this second. `cut`: they are not, and the page tries to get the stream back. `away`: the
 * server is there and its Redis is not.
 */
export type LiveState = { is: 'connecting' | 'live' | 'cut' } | ({ is: 'away' } & RedisAway);

export const connecting: LiveState = { is: 'connecting' };
const live: LiveState = { is: 'live' };
const cut: LiveState = { is: 'cut' };

type Stream = Pick<EventSource, 'addEventListener' | 'close'>;
type Listeners = {
  onState: (state: LiveState) => void;
  onOverview: (overview: Overview) => void;
  onBulk: (tasks: BulkTask[]) => void;
};

/** An overview comes each second. */
const silenceMs = 6_000;
const firstDelayMs = 1_000;
const longestDelayMs = 15_000;

/**
 * Follows the admin server's events, and opens the stream again for as long as it takes: a browser by itself gives up
 * when the server answers with an error, and does not notice a connection that has gone silent.
 * @returns what ends it
 */
export function followEvents(listeners: Listeners, open: () => Stream = openEvents): () => void {
  let stream: Stream | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;

  const connect = (): void => {
    stream = open();
    stream.addEventListener(
      'overview',
      on(overview, (value) => {
        failures = 0;
        listeners.onOverview(value);
        listeners.onState(live);
      }),
    );
    stream.addEventListener(
      'away',
      on(redisAway, (away) => {
        failures = 0;
        listeners.onState({ is: 'away', ...away });
      }),
    );
    stream.addEventListener(
      'bulk',
      on(bulkTasks, ({ tasks }) => listeners.onBulk(tasks)),
    );
    stream.addEventListener('error', reconnect);
    expectWithin(silenceMs);
  };
  const reconnect = (): void => {
    stream?.close();
    listeners.onState(cut);
    clearTimeout(timer);
    timer = setTimeout(connect, Math.min(firstDelayMs * 2 ** failures, longestDelayMs));
    failures += 1;
  };
  const expectWithin = (ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(reconnect, ms);
  };
  /** Any event is a sign of life, also one that this page does not understand. */
  const on =
    <T>(
      schema: { safeParse: (value: unknown) => { success: boolean; data?: T } },
      then: (value: T) => void,
    ) =>
    (event: MessageEvent): void => {
      expectWithin(silenceMs);
      const parsed = schema.safeParse(jsonOf(event.data));
      if (parsed.success && parsed.data !== undefined) then(parsed.data);
    };

  listeners.onState(connecting);
  connect();
  return () => {
    clearTimeout(timer);
    stream?.close();
  };
}

function openEvents(): Stream {
  return new EventSource('/api/events');
}

function jsonOf(data: unknown): unknown {
  try {
    return JSON.parse(String(data));
  } catch {
    return undefined;
  }
}
