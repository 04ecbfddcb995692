import { factoryName, factoryNames, type FactoryName } from '@proofbox/contract';
import {
  breakerState,
  trustedState,
  type BreakerChange,
  type BreakerState,
  type BreakerStore,
} from '@proofbox/factory/breaker';
import type { Redis } from 'ioredis';
import type { NewAuditEntry } from '../audit-log/audit-log.ts';
import { BreakerCopy } from './breaker-copy.ts';
import { defineScript } from '../redis/define-script.ts';
import type { Names } from '../redis/names.ts';

/** Where the states of the breakers are, for every process to read and for workers and operators to change. */
export type LedgerBreakerStore = Omit<BreakerStore, 'update'> & {
  /**
   * As of any store. Received by pub/sub at once, and by asking again whenever `refresh` is called. A change that would do
   * nothing to what is seen here is not taken to Redis.
   * @param entry what the audit log says of it, where a person changes it: a change has its entry, whichever process crashes at whichever point
   */
  update(factory: FactoryName, change: BreakerChange, entry?: BreakerEntry): Promise<BreakerState>;
  /** Reads all states again. */
  refresh(): Promise<void>;
};

/** Who changed a breaker and why. `at` in ms since the epoch. */
export type BreakerEntry = Pick<NewAuditEntry, 'by' | 'action' | 'why'> & { at: number };

export type BreakerStoreOptions = {
  redis: Redis;
  names: Names;
  /** A connection for subscriptions; without it changes are received only by `refresh`. */
  subscriber?: Redis;
  onError: (error: Error) => void;
};

/** Another process was faster each time: with a few dozen workers this is far more than ever happens. */
const mostRounds = 100;

export function createBreakerStore({
  redis,
  names,
  subscriber,
  onError,
}: BreakerStoreOptions): LedgerBreakerStore {
  const listeners: (() => void)[] = [];
  const setBreaker = defineScript(redis, new URL('./set-breaker.lua', import.meta.url), { keys: 3 });
  const copies = new Map(
    factoryNames.map((factory) => [factory, new BreakerCopy(trustedState(factory), announce)]),
  );
  /** By factory: when the changes before this one are in Redis. */
  const lastCarriedOut = new Map<FactoryName, Promise<unknown>>();

  function announce(): void {
    for (const listener of listeners) listener();
  }

  function copyOf(factory: FactoryName): BreakerCopy {
    return copies.get(factory)!;
  }

  /** @returns undefined when it was set, else what stands there instead */
  async function compareAndSet(
    seen: BreakerState,
    wanted: BreakerState,
    entry: BreakerEntry | undefined,
  ): Promise<BreakerState | undefined> {
    const reply = (await setBreaker(
      names.breakers,
      names.audit,
      names.auditOf(`factory:${wanted.factory}`),
      wanted.factory,
      seen.version,
      wanted.version,
      JSON.stringify(wanted),
      names.breakersChanged,
      ...(entry ? [names.root, entry.at, entry.by, entry.action, entry.why] : []),
    )) as [version: string, json: string] | null;
    return reply === null ? undefined : parse(wanted.factory, ...reply);
  }

  /** Takes a change that is under way to Redis. */
  async function carryOut(
    copy: BreakerCopy,
    change: BreakerChange,
    entry: BreakerEntry | undefined,
  ): Promise<BreakerState> {
    try {
      for (let round = 0; round < mostRounds; round += 1) {
        const seen = copy.confirmed;
        const changed = change(seen);
        if (changed === undefined) {
          copy.end(change);
          return seen;
        }
        const wanted = { ...changed, version: versionAfter(seen) };
        const instead = await compareAndSet(seen, wanted, entry);
        if (instead === undefined) {
          copy.end(change, wanted);
          return wanted;
        }
        copy.confirm(instead);
      }
      throw new Error(`the breaker of the ${copy.view.factory} factory changes too often to be changed`);
    } catch (error) {
      copy.end(change);
      throw error;
    }
  }

  if (subscriber) {
    subscriber.on('message', (channel, message) => {
      if (channel !== names.breakersChanged) return;
      const factory = factoryIn(message);
      if (factory === undefined) return;
      const state = parse(factory, undefined, message);
      const copy = copyOf(factory);
      if (state.version > copy.confirmed.version) copy.confirm(state);
    });
    subscriber.subscribe(names.breakersChanged).catch(onError);
  }

  return {
    get: (factory) => copyOf(factory).view,
    watch: (listener) => void listeners.push(listener),
    async update(factory, change, entry) {
      const copy = copyOf(factory);
      if (change(copy.view) === undefined) return copy.view;
      copy.begin(change);
      // One after the other: at once, all but one would find another state than the one they had seen.
      const carriedOut = (lastCarriedOut.get(factory) ?? Promise.resolve()).then(() =>
        carryOut(copy, change, entry),
      );
      lastCarriedOut.set(
        factory,
        carriedOut.catch(() => {}),
      );
      return carriedOut;
    },
    async refresh() {
      const before = new Map(copies.entries().map(([factory, copy]) => [factory, copy.confirmed]));
      const stored = await redis.hgetall(names.breakers);
      for (const [factory, copy] of copies) {
        const state = parse(factory, stored[`${factory}:version`], stored[factory]);
        // What was received while Redis answered may be newer than the answer.
        const isFresh = copy.confirmed === before.get(factory) || state.version > copy.confirmed.version;
        if (isFresh) copy.confirm(state);
      }
    },
  };
}

/** By the clock, so that a state written after Redis has lost everything is newer than all that were lost. */
function versionAfter(seen: BreakerState): number {
  return Math.max(seen.version + 1, Date.now());
}

/**
 * One that another release of Proofbox has written in a shape that this one cannot read counts as none: in a rolling
 * upgrade the factory is trusted until the workers have found out again, and nobody stops.
 * @param version as Redis compares it; default: what the text says
 */
function parse(factory: FactoryName, version: string | undefined, json: string | undefined): BreakerState {
  const stored = json ? breakerState.safeParse(parseJson(json)).data : undefined;
  const state = stored?.factory === factory ? stored : trustedState(factory);
  return version === undefined ? state : { ...state, version: Number(version) };
}

function factoryIn(message: string): FactoryName | undefined {
  return factoryName.safeParse((parseJson(message) as { factory?: unknown } | undefined)?.factory).data;
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
