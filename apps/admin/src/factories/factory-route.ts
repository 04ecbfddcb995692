import { factoryName } from '@proofbox/contract';
import { factorySwitchIn, factoryView, factoryViews, type FactorySwitch } from '@proofbox/contract/admin';
import { force } from '@proofbox/factory/breaker';
import type { BreakerEntry, LedgerBreakerStore } from '@proofbox/ledger';
import type { ZodServer } from '@proofbox/runtime';
import { z } from 'zod';
import { readFactoryViews, viewOf } from './factory-view.ts';
import { actorOf } from '../auth/guard.ts';
import { notFound } from '../http/refusals.ts';

const actions: Record<FactorySwitch, BreakerEntry['action']> = {
  open: 'force_open',
  closed: 'force_closed',
  auto: 'auto',
};

const factoryPath = z.object({
  name: z.string().describe(factoryName.options.map((name) => `\`${name}\``).join(' or ')),
});

/** `/api/factories`: how the fleet treats them, and the switches that overrule it. */
export function factoryRoute(
  scope: ZodServer,
  parts: Omit<Parameters<typeof readFactoryViews>[0], 'breakers'> & { breakers: LedgerBreakerStore },
): void {
  const { breakers } = parts;

  scope.get(
    '/api/factories',
    {
      config: {
        role: 'viewer',
        operationId: 'listFactories',
        summary: 'The factories, as the whole fleet treats them',
        replies: { 200: ['Each factory there can be', factoryViews] },
      },
    },
    async () => ({
      factories: await readFactoryViews(parts),
    }),
  );

  scope.post(
    '/api/factories/:name/switch',
    {
      schema: { params: factoryPath, body: factorySwitchIn },
      config: {
        role: 'operator',
        operationId: 'switchFactory',
        summary: 'Overrule what the workers find, or let them judge again',
        replies: { 200: ['The factory as it is now', factoryView] },
      },
    },
    async (request) => {
      const factory = readFactoryName(request.params.name);
      const { to, why } = request.body;
      const { name: by } = actorOf(request);
      const at = parts.now?.() ?? Date.now();
      await breakers.refresh();
      await breakers.update(factory, force({ to, by, why, now: at }), { at, by, action: actions[to], why });
      return viewOf(factory, parts);
    },
  );
}

/** @throws ProblemError 404 */
function readFactoryName(name: string) {
  const known = factoryName.safeParse(name);
  if (known.success) return known.data;
  throw notFound(`There is no factory of that name: only ${factoryName.options.join(' and ')}.`);
}
