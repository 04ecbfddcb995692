import { Gauge, type Logger, type Registry } from '@proofbox/runtime';

/** Makes it hard to overlook that nobody checks whether Redis keeps orders (DURABILITY=trust). */
export function warnOfTrust(options: { isTrusted: boolean; logger: Logger; metrics: Registry }): void {
  const { isTrusted, logger, metrics } = options;
  new Gauge({
    name: 'proofbox_durability_trusted',
    help: '1 with DURABILITY=trust: ingest does not check whether Redis keeps orders.',
    registers: [metrics],
  }).set(isTrusted ? 1 : 0);
  if (!isTrusted) return;
  logger.error(
    'DURABILITY=trust: ingest does NOT check whether Redis keeps the orders that it takes; accepted orders may be lost',
  );
}
