import type { z } from 'zod';
import { setting } from './setting.ts';

/**
 * What ingest and workers have to know alike of the factories.
 * @param algorithms the list of signature algorithms that can be verified
 */
export function factorySettings<A extends z.ZodType<unknown, string[]>>(algorithms: A) {
  return {
    FACTORY_PRIMARY_URL: setting
      .httpUrl()
      .describe('The base URL of the factory that is preferred. Its public keys verify receipts.'),
    FACTORY_PRIMARY_REPEATABLE: setting
      .flag()
      .default(true)
      .describe(
        '`false` if it does harm to send an order twice. If the answer to an order is lost, the workers then hold the order and do not send it again.',
      ),
    FACTORY_FALLBACK_URL: setting
      .httpUrl()
      .optional()
      .describe('The base URL of the second factory. Without it there is only the primary.'),
    FACTORY_FALLBACK_REPEATABLE: setting.flag().default(true).describe('As for the primary.'),
    FACTORY_JWT_ALGS: setting
      .list()
      .pipe(algorithms)
      .prefault('RS256')
      .describe(
        'The signature algorithms that a receipt may have, of RS256 to PS512, ES256 to ES512, EdDSA and Ed25519.',
      ),
    FACTORY_KEYS_DIR: setting
      .text()
      .default('.data/factory-keys')
      .describe(
        'A folder for the public keys of the factories, so that a process that starts while a factory is away can verify receipts. Several processes may share it.',
      ),
  };
}
