import {
  factoryName,
  factoryNames,
  factoryVerdict,
  type FactoryName,
  type FactoryVerdict,
} from '@proofbox/contract';
import type { Redis } from 'ioredis';
import type { NewAuditEntry } from './audit-log.ts';
import { defineScript, readLua } from './define-script.ts';
import type { Names } from './names.ts';
import { unknownFactory, type VerdictChange } from './verdict-changes.ts';
import { VerdictCopy } from './verdict-copy.ts';

/** Where the fleet's verdicts on its factories hang, for every process to read and for workers and operators to change. */
export type VerdictBoard = {
  /** The verdict as last heard: by pub/sub at once, and by asking again whenever `refresh` is called. */
  get(factory: FactoryName): FactoryVerdict;
  /**
   * Changes a verdict as it really is, however often somebody else is faster. This process sees its own change at
   * once, before Redis has it. A change that would do nothing to what is seen here is not taken to Redis.
   * @param entry what the audit log says of it, where a person changes it: a change has its entry, whoever crashes where
   * @returns the verdict afterwards
   */
  update(factory: FactoryName, change: VerdictChange, entry?: VerdictEntry): Promise<FactoryVerdict>;
  /** Reads all verdicts again. */
  refresh(): Promise<void>;
  /** Has `listener` called after each change that this process hears of. */
  watch(listener: () => void): void;
};

/** Who changed a verdict and why. `at` in ms since the epoch. */
export type VerdictEntry = Pick<NewAuditEntry, 'by' | 'action' | 'why'> & { at: number };

export type VerdictBoardOptions = {
  redis: Redis;
  names: Names;
  /** A connection for subscriptions; without it changes are heard only by `refresh`. */
  subscriber?: Redis;
  onError: (error: Error) => void;
};

export function createVerdictBoard({ redis, names, subscriber, onError }: VerdictBoardOptions): VerdictBoard {
  const listeners: (() => void)[] = [];
  const setVerdict = defineScript(redis, 'set-verdict', { keys: 3, before: readLua('audit-entry') });
  const copies = new Map(
    factoryNames.map((factory) => [factory, new VerdictCopy(unknownFactory(factory), announce)]),
  );
  /** By factory: when the changes before this one are in Redis. */
  const turns = new Map<FactoryName, Promise<unknown>>();

  function announce(): void {
    for (const listener of listeners) listener();
  }

  function copyOf(factory: FactoryName): VerdictCopy {
    return copies.get(factory)!;
  }

  /** @returns undefined when it was set, else what stands there instead */
  async function compareAndSet(
    seen: FactoryVerdict,
    wanted: FactoryVerdict,
    entry: VerdictEntry | undefined,
  ): Promise<FactoryVerdict | undefined> {
    const reply = (await setVerdict(
      names.verdicts,
      names.audit,
      names.auditOf(`factory:${wanted.factory}`),
      wanted.factory,
      seen.version,
      JSON.stringify(wanted),
      names.verdictsChanged,
      ...(entry ? [names.root, entry.at, entry.by, entry.action, entry.why] : []),
    )) as string | null;
    if (reply === null) return undefined;
    return reply === '' ? unknownFactory(wanted.factory) : parse(wanted.factory, reply);
  }

  /** Takes a change that is under way to Redis. */
  async function carryOut(
    copy: VerdictCopy,
    change: VerdictChange,
    entry: VerdictEntry | undefined,
  ): Promise<FactoryVerdict> {
    try {
      for (;;) {
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
    } catch (error) {
      copy.end(change);
      throw error;
    }
  }

  if (subscriber) {
    subscriber.on('message', (channel, message) => {
      if (channel !== names.verdictsChanged) return;
      const factory = factoryName.safeParse((JSON.parse(message) as { factory?: unknown }).factory).data;
      if (factory === undefined) return;
      const verdict = parse(factory, message);
      const copy = copyOf(factory);
      if (verdict.version > copy.confirmed.version) copy.confirm(verdict);
    });
    subscriber.subscribe(names.verdictsChanged).catch(onError);
  }

  return {
    get: (factory) => copyOf(factory).view,
    watch: (listener) => void listeners.push(listener),
    async update(factory, change, entry) {
      const copy = copyOf(factory);
      if (change(copy.view) === undefined) return copy.view;
      copy.begin(change);
      // One after the other: at once, all but one would find another verdict than the one they had seen.
      const turn = (turns.get(factory) ?? Promise.resolve()).then(() => carryOut(copy, change, entry));
      turns.set(
        factory,
        turn.catch(() => {}),
      );
      return turn;
    },
    async refresh() {
      const before = new Map(copies.entries().map(([factory, copy]) => [factory, copy.confirmed]));
      const stored = await redis.hgetall(names.verdicts);
      for (const [factory, copy] of copies) {
        const json = stored[factory];
        const verdict = json === undefined ? unknownFactory(factory) : parse(factory, json);
        // What was heard while Redis answered may be newer than the answer.
        const isFresh = copy.confirmed === before.get(factory) || verdict.version > copy.confirmed.version;
        if (isFresh) copy.confirm(verdict);
      }
    },
  };
}

/** By the clock, so that a verdict written after Redis has lost everything is newer than all that were lost. */
function versionAfter(seen: FactoryVerdict): number {
  return Math.max(seen.version + 1, Date.now());
}

/**
 * One that another release of Proofbox has written in a shape that this one cannot read counts as none: in a rolling
 * upgrade the factory is trusted until the workers have found out again, and nobody stops.
 */
function parse(factory: FactoryName, json: string): FactoryVerdict {
  const stored: unknown = JSON.parse(json);
  const verdict = factoryVerdict.safeParse(stored);
  if (verdict.success) return verdict.data;
  const { version } = stored as { version?: unknown };
  return { ...unknownFactory(factory), version: Number.isFinite(version) ? Number(version) : 0 };
}
