import { factoryName, parseOrProblem } from '@proofbox/contract';
import { factorySwitchIn, type FactorySwitch } from '@proofbox/contract/admin';
import { force } from '@proofbox/factory/breaker';
import type { BreakerEntry, LedgerBreakerStore } from '@proofbox/ledger';
import type { FastifyInstance } from 'fastify';
import { readFactoryViews, viewOf } from './factory-view.ts';
import { actorOf } from '../auth/guard.ts';
import { notFound } from '../http/refusals.ts';

const actions: Record<FactorySwitch, BreakerEntry['action']> = {
  open: 'force_open',
  closed: 'force_closed',
  auto: 'auto',
};

/** `/api/factories`: how the fleet treats them, and the switches that overrule it. */
export function factoryRoute(
  scope: FastifyInstance,
  parts: Omit<Parameters<typeof readFactoryViews>[0], 'breakers'> & { breakers: LedgerBreakerStore },
): void {
  const { breakers } = parts;

  scope.get('/api/factories', { config: { needs: 'viewer' } }, async () => ({
    factories: await readFactoryViews(parts),
  }));

  scope.post('/api/factories/:name/switch', { config: { needs: 'operator' } }, async (request) => {
    const factory = readFactoryName(request.params);
    const { to, why } = parseOrProblem(factorySwitchIn, request.body, 'The request');
    const { name: by } = actorOf(request);
    const at = parts.now?.() ?? Date.now();
    await breakers.refresh();
    await breakers.update(factory, force({ to, by, why, now: at }), { at, by, action: actions[to], why });
    return viewOf(factory, parts);
  });
}

/** @throws ProblemError 404 */
function readFactoryName(params: unknown) {
  const { name } = params as { name: string };
  const known = factoryName.safeParse(name);
  if (known.success) return known.data;
  throw notFound(`There is no factory of that name: only ${factoryName.options.join(' and ')}.`);
}
