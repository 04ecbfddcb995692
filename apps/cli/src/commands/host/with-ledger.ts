import {
  connectFailingFast,
  createLedger,
  createNames,
  createOrderQueue,
  databaseOf,
  databaseProblem,
  redisTroubleOf,
  unfitReason,
  type Ledger,
  type Names,
  type OrderQueue,
} from '@proofbox/ledger';
import { readSettings } from '@proofbox/runtime';
import { CommandFailure, exitCodes } from '../../session/command-failure.ts';
import type { Session } from '../../session/session.ts';
import { commandLineSettings, type HostSettings } from '../../session/settings.ts';

export type Opened = {
  ledger: Ledger;
  queue: OrderQueue;
  redis: Redis;
  names: Names;
  /** Does nothing: what breaks later fails the command that is under way, which reports it. */
  onError: () => void;
  settings: HostSettings;
};

/** A person waits: a Redis that has not answered by then is away. */
const connectWithinMs = 2_500;

/**
 * Opens the ledger for one piece of work, and closes it.
 * @throws SettingsError for a bad environment, CommandFailure when Redis cannot be reached or goes away meanwhile
 */
export async function withLedger(session: Session, work: (opened: Opened) => Promise<void>): Promise<void> {
  const settings = readSettings(
    commandLineSettings.omit({ PROOFBOX_URL: true, PROOFBOX_TOKEN: true }),
    session.environment,
  );
  const { REDIS_URL: url, REDIS_KEY_TAG: keyTag } = settings;
  const problem = await databaseProblem(url);
  if (problem !== undefined) throw new CommandFailure(exitCodes.badUsage, problem);
  await using opened = new AsyncDisposableStack();
  const redis = await connect(url, opened);
  let isLost = false;
  redis.once('close', () => (isLost = true));
  try {
    const names = createNames(keyTag, databaseOf(url));
    const queue = opened.use(createOrderQueue({ redis, names, onError }));
    await work({ ledger: createLedger({ redis, names }), queue, redis, names, onError, settings });
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    if (isLost || isTimeout(error) || redisTroubleOf(error) === 'unfit') throw redisAway(url, error);
    throw error;
  }
}

type Redis = ReturnType<typeof connectFailingFast>;

function onError(): void {}

async function connect(url: string, opened: AsyncDisposableStack): Promise<Redis> {
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
  const redis = connectFailingFast({ url, onError: reject });
  opened.defer(() => redis.disconnect());
  redis.once('ready', resolve);
  const timer = setTimeout(
    () => reject(new Error(`no answer within ${connectWithinMs} ms`)),
    connectWithinMs,
  );
  await ready
    .catch((error: unknown) => {
      throw redisAway(url, error);
    })
    .finally(() => clearTimeout(timer));
  return redis;
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.message === 'Command timed out';
}

function redisAway(url: string, cause: unknown): CommandFailure {
  if (redisTroubleOf(cause) === 'unfit')
    return new CommandFailure(exitCodes.unreachable, unfitReason(cause as Error), { cause });
  const { host } = new URL(url);
  const message = `Redis at ${host} cannot be reached (${reasonOf(cause)}). Is it running, and is REDIS_URL right? It is safe to run the same command again.`;
  return new CommandFailure(exitCodes.unreachable, message, { cause });
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const code = 'code' in cause ? String(cause.code) : '';
  // A host with several addresses fails with a list of errors and no message.
  return cause.message || code || cause.name;
}
