import type { Redis } from 'ioredis';
import { UnreadableRecordError } from './record-codec.ts';
import { conditionFrom, type RedisCondition, type RedisRules } from './redis-condition.ts';
import { readRedisFacts, type RedisFacts } from './redis-facts.ts';
import { RedisAwayError } from './redis-trouble.ts';

export type RedisWatchOptions = {
  redis: Redis;
  rules: RedisRules;
  /** Told of each change. */
  onCondition: (condition: RedisCondition) => void;
  /** Told of what Redis says of itself, each time it is asked. */
  onFacts: (facts: RedisFacts) => void;
};

const askEveryMs = 1_000;
/** A healthy Redis answers within milliseconds, a busy disk may take some hundred. */
const answerWithinMs = 1_000;
/** So many silences on one connection, and another one is tried: the network may have forgotten this one. */
const mostSilences = 4;

/**
 * Watches whether Redis takes orders and keeps them: asks it on each connection anew and every second, and remembers
 * the answer, so that nobody waits for a Redis that is known to be away.
 */
export class RedisWatch implements Disposable {
  readonly #options: RedisWatchOptions;
  readonly #timer: NodeJS.Timeout;
  readonly #waiting = new Set<(error: RedisAwayError) => void>();
  #condition: RedisCondition = { state: 'unknown' };
  #wasFit = false;
  #isAsking = false;
  /** Grows with each reason to doubt what was asked before. */
  #doubts = 0;
  #silences = 0;
  #lastError = 'there is no connection';

  constructor(options: RedisWatchOptions) {
    this.#options = options;
    const { redis } = options;
    redis.on('error', (error) => (this.#lastError = error.message));
    redis.on('close', () => this.#doubt(this.#lastError));
    redis.on('ready', () => void this.#look());
    this.#timer = setInterval(() => void this.#look(), askEveryMs);
    if (redis.status === 'ready') void this.#look();
  }

  get condition(): RedisCondition {
    return this.#condition;
  }

  /** Whether Redis answers, so that what it has can be read. */
  get answers(): boolean {
    return this.#condition.state !== 'unknown' && this.#condition.state !== 'away';
  }

  /**
   * Has Redis do something that somebody waits for, as long as it answers and for a second at most.
   * @throws RedisAwayError at once when Redis is away; whatever `work` throws
   */
  async ask<T>(work: () => Promise<T>): Promise<T> {
    if (!this.answers) throw new RedisAwayError(whyOf(this.#condition));
    const { promise: lost, reject } = Promise.withResolvers<never>();
    const timer = answerDue(reject);
    this.#waiting.add(reject);
    try {
      return await Promise.race([work(), lost]);
    } catch (error) {
      // One that is out of memory answers, and says so.
      if (isOutOfMemory(error))
        this.#become({ state: 'full', why: 'Redis is out of memory: raise maxmemory' });
      else if (castsDoubt(error)) this.#doubt(messageOf(error));
      throw error;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(reject);
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  /** Something went wrong: away, until Redis has been asked again. */
  #doubt(why: string): void {
    this.#doubts += 1;
    this.#become({ state: 'away', why });
    void this.#look();
  }

  async #look(): Promise<void> {
    const { redis, rules, onFacts } = this.#options;
    if (this.#isAsking || redis.status !== 'ready') return;
    this.#isAsking = true;
    const doubts = this.#doubts;
    try {
      const facts = await inTime(readRedisFacts(redis));
      this.#silences = 0;
      onFacts(facts);
      if (doubts === this.#doubts) this.#become(conditionFrom(facts, rules, this.#wasFit));
    } catch (error) {
      this.#become({ state: 'away', why: messageOf(error) });
      this.#countSilence();
    } finally {
      this.#isAsking = false;
    }
    if (doubts !== this.#doubts) void this.#look();
  }

  #countSilence(): void {
    this.#silences += 1;
    if (this.#silences < mostSilences) return;
    this.#silences = 0;
    this.#options.redis.disconnect(true);
  }

  #become(condition: RedisCondition): void {
    const before = JSON.stringify(this.#condition);
    this.#condition = condition;
    this.#wasFit ||= condition.state === 'fit';
    if (!this.answers) {
      for (const reject of this.#waiting) reject(new RedisAwayError(whyOf(condition)));
    }
    if (JSON.stringify(condition) !== before) this.#options.onCondition(condition);
  }
}

const tooSlow = `Redis did not answer within ${answerWithinMs} ms`;

function whyOf(condition: RedisCondition): string {
  return 'why' in condition ? condition.why : 'Redis has not answered yet';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** An order that cannot be read says nothing about Redis, and one that was given up for another one's failure nothing new. */
function castsDoubt(error: unknown): boolean {
  if (error instanceof UnreadableRecordError) return false;
  return !(error instanceof RedisAwayError) || error.message === tooSlow;
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('OOM ');
}

/** An answer that lies in the socket already, while this process was busy with other things, is in time. */
function answerDue(reject: (error: RedisAwayError) => void): NodeJS.Timeout {
  return setTimeout(() => setImmediate(() => reject(new RedisAwayError(tooSlow))), answerWithinMs);
}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = answerDue(reject);
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
