import { setTimeout as pause } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { createAccessCheck } from './access-check.ts';
import type { Names } from '../redis/names.ts';
import { UnreadableRecordError } from '../orders/record-codec.ts';
import { conditionFrom, withRefusals, type RedisCondition, type RedisRules } from './redis-condition.ts';
import { readRedisFacts, type RedisFacts } from './redis-facts.ts';
import { RedisAwayError, redisTroubleOf } from './redis-trouble.ts';
import { unfitReason } from './unfit-reason.ts';

export type RedisWatchOptions = {
  redis: Redis;
  names: Names;
  rules: RedisRules;
  /** What Redis said of our subscriptions the last time, where it refused them. */
  refusal?: () => Error | undefined;
  /** Called for each change. */
  onCondition: (condition: RedisCondition) => void;
  /** Called with what Redis says of itself, each time it is asked. */
  onFacts?: (facts: RedisFacts) => void;
};

const askEveryMs = 1_000;
/** A healthy Redis answers within milliseconds, a busy disk may take some hundred. */
const answerWithinMs = 1_000;
/** A refusal that no look has foreseen holds for so long: what was refused may be asked for rarely. */
const refusalHoldsMs = 10_000;

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
  /** Of the present connection, or of the attempts at the next one. */
  #lastError: Error | undefined;
  /** What a call was refused last: until when it holds, on the clock of `performance.now`. */
  #refused: { why: string; until: number } | undefined;
  readonly #refusals: () => Promise<string[]>;

  constructor(options: RedisWatchOptions) {
    this.#options = options;
    const { redis } = options;
    this.#refusals = createAccessCheck(options);
    redis.on('error', (error) => (this.#lastError = error));
    redis.on('close', () => this.#closed());
    redis.on('ready', () => {
      this.#lastError = undefined;
      void this.#look();
    });
    this.#timer = setInterval(() => void this.#look(), askEveryMs);
    if (redis.status === 'ready') void this.#look();
  }

  get condition(): RedisCondition {
    return this.#condition;
  }

  /** Whether Redis answers, so that what it has can be read. */
  get answers(): boolean {
    const { state } = this.#condition;
    return this.#options.redis.status === 'ready' && state !== 'unknown' && state !== 'away';
  }

  /** Waits until it has been asked, but not longer than `withinMs`. */
  async judged(withinMs: number): Promise<RedisCondition> {
    const giveUpAt = performance.now() + withinMs;
    while (this.#condition.state === 'unknown' && performance.now() < giveUpAt) await pause(20);
    return this.#condition;
  }

  /**
   * Has Redis do something that a caller waits for, as long as it answers and for a second at most.
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
      else if (redisTroubleOf(error) === 'unfit') this.#refuse(error as Error);
      else if (castsDoubt(error)) this.#doubt(error);
      throw error;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(reject);
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  /** Something went wrong: it is as the error says, until Redis has been asked again. */
  #doubt(error: unknown): void {
    this.#doubts += 1;
    this.#become(conditionOf(error));
    void this.#look();
  }

  #refuse(error: Error): void {
    this.#refused = { why: unfitReason(error), until: performance.now() + refusalHoldsMs };
    // One sentence is enough: each command that is refused would say another.
    if (this.#condition.state !== 'unfit') this.#doubt(error);
  }

  #closed(): void {
    // A Redis that was no good before and closes changes nothing: we may be looking for a better one.
    const isNew = this.#lastError !== undefined || !['away', 'unfit'].includes(this.#condition.state);
    if (isNew) this.#doubt(this.#lastError ?? new Error('the connection was closed'));
    else this.#release();
  }

  async #look(): Promise<void> {
    const { redis, rules, onFacts } = this.#options;
    if (this.#isAsking || redis.status !== 'ready') return;
    this.#isAsking = true;
    const doubts = this.#doubts;
    try {
      const facts = await inTime(readRedisFacts(redis));
      onFacts?.(facts);
      // A replica is about to be left for a primary, and could not be tried anyway.
      const tried = facts.role === 'master' ? await inTime(this.#refusals()) : [];
      const refusals = tried.length > 0 ? tried : this.#refusedBefore();
      if (doubts === this.#doubts)
        this.#become(withRefusals(conditionFrom(facts, rules, this.#wasFit), refusals));
    } catch (error) {
      // A connection that has closed meanwhile has said all there is to say.
      if (redis.status === 'ready') this.#become(conditionOf(error));
    } finally {
      this.#isAsking = false;
    }
    if (doubts !== this.#doubts) void this.#look();
  }

  #refusedBefore(): string[] {
    const ofSubscriber = this.#options.refusal?.();
    const isHolding = this.#refused !== undefined && performance.now() < this.#refused.until;
    return [...(ofSubscriber ? [unfitReason(ofSubscriber)] : []), ...(isHolding ? [this.#refused!.why] : [])];
  }

  /** Nobody waits any more for what does not come. */
  #release(): void {
    for (const reject of this.#waiting) reject(new RedisAwayError(whyOf(this.#condition)));
  }

  #become(condition: RedisCondition): void {
    const before = JSON.stringify(this.#condition);
    this.#condition = condition;
    this.#wasFit ||= condition.state === 'fit';
    if (!this.answers) this.#release();
    if (JSON.stringify(condition) !== before) this.#options.onCondition(condition);
  }
}

const tooSlow = `Redis did not answer within ${answerWithinMs} ms`;

function whyOf(condition: RedisCondition): string {
  if ('reasons' in condition) return condition.reasons.join(' ');
  return 'why' in condition ? condition.why : 'Redis has not answered yet';
}

function conditionOf(error: unknown): RedisCondition {
  return error instanceof Error && redisTroubleOf(error) === 'unfit'
    ? { state: 'unfit', reasons: [unfitReason(error)] }
    : { state: 'away', why: messageOf(error) };
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
