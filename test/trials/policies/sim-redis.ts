import type { takeCanaryLease } from '@proofbox/ledger';

type Redis = Parameters<typeof takeCanaryLease>[0]['redis'];

/** As much of Redis as canaries and the facts of factories need, in simulated time. */
export class SimRedis {
  readonly #hashes = new Map<string, Map<string, string>>();
  readonly #leases = new Map<string, number>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** For code that wants a real one, and uses no more than this one has. */
  asRedis(): Redis {
    return this as unknown as Redis;
  }

  get(key: string, field: string): string | undefined {
    return this.#hashes.get(key)?.get(field);
  }

  put(key: string, fields: Record<string, string | number>): void {
    const hash = this.#hashes.get(key) ?? new Map<string, string>();
    for (const [field, value] of Object.entries(fields)) hash.set(field, String(value));
    this.#hashes.set(key, hash);
  }

  async hset(key: string, fields: Record<string, string | number>): Promise<void> {
    this.put(key, fields);
  }

  async hmget(key: string, ...fields: string[]): Promise<(string | null)[]> {
    return fields.map((field) => this.get(key, field) ?? null);
  }

  /** `SET key value PX ms NX` */
  async set(key: string, _value: string, _px: 'PX', ms: number): Promise<'OK' | null> {
    if ((this.#leases.get(key) ?? 0) > this.#now()) return null;
    this.#leases.set(key, this.#now() + ms);
    return 'OK';
  }
}
