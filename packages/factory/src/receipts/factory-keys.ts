import { fetchKeys } from './key-page.ts';
import { joinKeys, mergeKeys, type KnownKey } from './key-set.ts';
import { openKeysFile } from './keys-file.ts';

export type FactoryKeysOptions = {
  factoryUrl: string;
  /** How long fetching them may take. */
  timeoutMs: number;
  /** Keys older than this are fetched again. */
  maxAgeMs: number;
  /** Where they are kept between runs. */
  folder: string;
  /** ms since the epoch */
  now: () => number;
  /** They could not be kept; they are known all the same. */
  onTrouble: (error: Error) => void;
};

/** Nobody who sends receipts that do not verify makes us ask more often. */
const cooldownMs = 1_000;

const notTried = { endedAt: -Infinity, isGood: false };

/** The keys of one factory: as it published them when it was last asked, and as they were kept from before. */
export class FactoryKeys {
  readonly #options: FactoryKeysOptions;
  readonly #file;
  #known: KnownKey[];
  #fetching: Promise<boolean> | undefined;
  #lastTry = notTried;
  #fetchedAt = -Infinity;

  constructor(options: FactoryKeysOptions) {
    this.#options = options;
    this.#file = openKeysFile(options);
    this.#known = this.#file.read();
  }

  get known(): readonly KnownKey[] {
    return this.#known;
  }

  get isStale(): boolean {
    return performance.now() - this.#fetchedAt >= this.#options.maxAgeMs;
  }

  /** Keys that were seen go on proving when they are changed. A factory that is not there yet is asked for the first receipt. */
  async prefetch(): Promise<void> {
    if (!(await this.refresh())) this.#lastTry = notTried;
  }

  /** Asks the factory, unless a request is under way or was made a moment ago. @returns whether its keys are known now */
  async refresh(): Promise<boolean> {
    if (performance.now() - this.#lastTry.endedAt < cooldownMs) return this.#lastTry.isGood;
    this.#fetching ??= this.#fetch().finally(() => (this.#fetching = undefined));
    return this.#fetching;
  }

  async #fetch(): Promise<boolean> {
    const { factoryUrl, timeoutMs, now, onTrouble } = this.#options;
    const published = await fetchKeys(factoryUrl, timeoutMs).catch(() => undefined);
    const endedAt = performance.now();
    this.#lastTry = { endedAt, isGood: published !== undefined };
    if (published === undefined) return false;
    this.#fetchedAt = endedAt;
    // Others that share the file may have seen keys that we have not.
    this.#known = mergeKeys(joinKeys(this.#known, this.#file.read()), published, now());
    this.#file.write(this.#known).catch(onTrouble);
    return true;
  }
}
