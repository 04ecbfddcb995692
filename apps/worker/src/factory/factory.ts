import { createHash } from 'node:crypto';
import type { FactoryName } from '@proofbox/contract';
import { Breaker, type BreakerStore, type FleetPosition } from '@proofbox/factory/breaker';
import { createFactoryClient, type FactoryClient } from '@proofbox/factory/client';
import { RateLimiter, RetryBudget } from '@proofbox/factory/rate';
import { createReceiptVerifier, type ReceiptMatch, type ReceiptVerifier } from '@proofbox/factory/receipts';
import type { WorkerSettings } from '../settings.ts';

/** A factory as the worker knows it. `repeatable`: sending an order there twice does no harm. */
export type Factory = {
  name: FactoryName;
  repeatable: boolean;
  /** Our key there, to be taken out of whatever the factory says. */
  apiKey: string;
  client: FactoryClient;
  verifier: ReceiptVerifier;
  /** How closely its receipts are compared with what it was sent. */
  receiptMatch: ReceiptMatch;
  breaker: Breaker;
  rate: RateLimiter;
  retryBudget: RetryBudget;
  /** Answers 200 while the factory is alive; absent where it has no such page. */
  healthUrl?: string;
};

export type FactoriesOptions = {
  settings: WorkerSettings;
  store: BreakerStore;
  worker: string;
  fleetPosition: () => FleetPosition;
  /** The clock of Redis: the workers compare what they write down of a factory. */
  now: () => number;
  onError: (error: Error) => void;
  /** The keys of a factory could not be kept on the disk. */
  onKeysTrouble: (error: Error) => void;
};

/** The configured factories, the primary first. */
export function createFactories(options: FactoriesOptions): Factory[] {
  return configuredFactories(options.settings).map((configured) => createFactory(configured, options));
}

type ConfiguredFactory = {
  name: FactoryName;
  url: string;
  apiKey: string;
  repeatable: boolean;
  maxRps: number | undefined;
  healthPath: string | undefined;
};

function configuredFactories(settings: WorkerSettings): ConfiguredFactory[] {
  const primary = {
    name: 'primary' as const,
    url: settings.FACTORY_PRIMARY_URL,
    apiKey: settings.FACTORY_PRIMARY_API_KEY,
    repeatable: settings.FACTORY_PRIMARY_REPEATABLE,
    maxRps: settings.FACTORY_PRIMARY_MAX_RPS,
    healthPath: settings.FACTORY_PRIMARY_HEALTH_PATH,
  };
  const { FACTORY_FALLBACK_URL: url, FACTORY_FALLBACK_API_KEY: apiKey } = settings;
  if (url === undefined || apiKey === undefined) return [primary];
  const fallback = {
    name: 'fallback' as const,
    url,
    apiKey,
    repeatable: settings.FACTORY_FALLBACK_REPEATABLE,
    maxRps: settings.FACTORY_FALLBACK_MAX_RPS,
    healthPath: settings.FACTORY_FALLBACK_HEALTH_PATH,
  };
  return [primary, fallback];
}

function createFactory(
  { name, url, apiKey, repeatable, maxRps, healthPath }: ConfiguredFactory,
  options: FactoriesOptions,
): Factory {
  const { settings, store, worker, fleetPosition, now, onError } = options;
  const rate = new RateLimiter({ maxRps, workers: () => fleetPosition().workers, now });
  const breaker = new Breaker({
    factory: name,
    store,
    worker,
    fleetPosition,
    concurrency: settings.WORKER_CONCURRENCY,
    probeLeaseMs: settings.FACTORY_TIMEOUT_MS + 5_000,
    settings: settingsHash(url, apiKey),
    onThrottled: () => rate.throttled(),
    now,
    random: Math.random,
    onError,
  });
  return {
    name,
    apiKey,
    repeatable,
    client: createFactoryClient({
      url,
      apiKey,
      repeatable,
      connectTimeoutMs: settings.FACTORY_CONNECT_TIMEOUT_MS,
    }),
    verifier: createReceiptVerifier({
      factoryUrl: url,
      algorithms: settings.FACTORY_JWT_ALGS,
      keysFolder: settings.FACTORY_KEYS_DIR,
      onTrouble: options.onKeysTrouble,
    }),
    receiptMatch: settings.FACTORY_RECEIPT_MATCH,
    breaker,
    rate,
    retryBudget: new RetryBudget(),
    ...(healthPath !== undefined && { healthUrl: `${url}${healthPath}` }),
  };
}

/** A mark by which settings that a factory refused are known again; it reveals nothing of what they are. */
function settingsHash(url: string, apiKey: string): string {
  return createHash('sha256').update(`${url} ${apiKey}`).digest('base64url');
}
