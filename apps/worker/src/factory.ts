import type { FactoryName } from '@proofbox/contract';
import { createReceiptVerifier, type ReceiptVerifier } from '@proofbox/runtime';
import { Breaker } from './breaker.ts';
import { createFactoryClient, type FactoryClient } from './factory-client.ts';
import type { WorkerSettings } from './settings.ts';

/** A factory as the worker knows it. `repeatable`: sending an order there twice does no harm. */
export type Factory = {
  name: FactoryName;
  repeatable: boolean;
  client: FactoryClient;
  verifier: ReceiptVerifier;
  breaker: Breaker;
};

/** The configured factories, the primary first. */
export function createFactories(settings: WorkerSettings): Factory[] {
  const places = [
    {
      name: 'primary' as const,
      url: settings.FACTORY_PRIMARY_URL,
      apiKey: settings.FACTORY_PRIMARY_API_KEY,
      repeatable: settings.FACTORY_PRIMARY_REPEATABLE,
    },
    {
      name: 'fallback' as const,
      url: settings.FACTORY_FALLBACK_URL,
      apiKey: settings.FACTORY_FALLBACK_API_KEY,
      repeatable: settings.FACTORY_FALLBACK_REPEATABLE,
    },
  ];
  return places.flatMap(({ name, url, apiKey, repeatable }) => {
    if (url === undefined || apiKey === undefined) return [];
    const client = createFactoryClient({
      url,
      apiKey,
      connectTimeoutMs: settings.FACTORY_CONNECT_TIMEOUT_MS,
      connections: settings.WORKER_CONCURRENCY,
    });
    const verifier = createReceiptVerifier({ factoryUrl: url, algorithms: settings.FACTORY_JWT_ALGS });
    const breaker = new Breaker({ now: Date.now, random: Math.random });
    return [{ name, repeatable, client, verifier, breaker }];
  });
}
