import { factoryVerdict, type FactoryName, type FactoryVerdict } from '@proofbox/contract';
import type { Redis } from 'ioredis';
import { defineScript } from './define-script.ts';
import type { Names } from './names.ts';
import { unknownFactory, type VerdictChange } from './verdict-changes.ts';

/** Where the fleet's verdicts on its factories hang, for every process to read and for workers and operators to change. */
export type VerdictBoard = {
  /** The verdict as last heard: by pub/sub at once, and by asking again whenever `refresh` is called. */
  get(factory: FactoryName): FactoryVerdict;
  /**
   * Changes a verdict as it really is, however often somebody else is faster. This process sees its own change at
   * once, before Redis has it. @returns the verdict afterwards
   */
  update(factory: FactoryName, change: VerdictChange): Promise<FactoryVerdict>;
  /** Reads all verdicts again. */
  refresh(): Promise<void>;
  /** Has `listener` called after each change that this process hears of. */
  watch(listener: () => void): void;
};

export type VerdictBoardOptions = {
  redis: Redis;
  names: Names;
  /** A connection for subscriptions; without it changes are heard only by `refresh`. */
  subscriber?: Redis;
  onError: (error: Error) => void;
};

export function createVerdictBoard({ redis, names, subscriber, onError }: VerdictBoardOptions): VerdictBoard {
  const verdicts = new Map<FactoryName, FactoryVerdict>();
  const listeners: (() => void)[] = [];
  const setVerdict = defineScript(redis, 'set-verdict', { keys: 1 });

  function get(factory: FactoryName): FactoryVerdict {
    return verdicts.get(factory) ?? unknownFactory(factory);
  }

  function learn(verdict: FactoryVerdict): void {
    if (JSON.stringify(verdict) === JSON.stringify(get(verdict.factory))) return;
    verdicts.set(verdict.factory, verdict);
    for (const listener of listeners) listener();
  }

  /** @returns undefined when it was set, else what stands there instead */
  async function compareAndSet(
    seen: FactoryVerdict,
    wanted: FactoryVerdict,
  ): Promise<FactoryVerdict | undefined> {
    const reply = (await setVerdict(
      names.verdicts,
      wanted.factory,
      seen.version,
      JSON.stringify(wanted),
      names.verdictsChanged,
    )) as string | null;
    if (reply === null) return undefined;
    return reply === '' ? unknownFactory(wanted.factory) : parse(reply);
  }

  if (subscriber) {
    subscriber.on('message', (channel, message) => {
      if (channel !== names.verdictsChanged) return;
      const verdict = parse(message);
      if (verdict.version > get(verdict.factory).version) learn(verdict);
    });
    subscriber.subscribe(names.verdictsChanged).catch(onError);
  }

  return {
    get,
    watch: (listener) => void listeners.push(listener),
    async update(factory, change) {
      let seen = get(factory);
      for (;;) {
        const changed = change(seen);
        if (changed === undefined) return seen;
        const wanted = { ...changed, version: seen.version + 1 };
        learn(wanted);
        const instead = await compareAndSet(seen, wanted);
        if (instead === undefined) return wanted;
        learn(instead);
        seen = instead;
      }
    },
    async refresh() {
      const stored = await redis.hgetall(names.verdicts);
      for (const factory of verdicts.keys())
        if (stored[factory] === undefined) learn(unknownFactory(factory));
      for (const json of Object.values(stored)) learn(parse(json));
    },
  };
}

function parse(json: string): FactoryVerdict {
  return factoryVerdict.parse(JSON.parse(json));
}
