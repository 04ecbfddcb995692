import cookie from '@fastify/cookie';
import { serveOpenApi, type ZodServer } from '@proofbox/runtime';
import { auditRoute } from './audit/audit-route.ts';
import { bulkRoute } from './bulk/bulk-route.ts';
import { queueRoute } from './factories/queue-route.ts';
import { eventsRoute } from './overview/events-route.ts';
import { factoryRoute } from './factories/factory-route.ts';
import { guardRoutes } from './auth/guard.ts';
import { orderChangeRoute } from './orders/order-change-route.ts';
import { orderDetailRoute } from './orders/order-detail-route.ts';
import { orderListRoute } from './orders/order-list-route.ts';
import { overviewRoute } from './overview/overview-route.ts';
import { sessionRoute } from './auth/session-route.ts';
import { toProblem } from './http/to-problem.ts';

/** All that the routes work with. */
export type ApiParts = Parameters<typeof guardRoutes>[1] &
  Parameters<typeof sessionRoute>[1] &
  Parameters<typeof orderListRoute>[1] &
  Parameters<typeof orderDetailRoute>[1] &
  Parameters<typeof orderChangeRoute>[1] &
  Parameters<typeof bulkRoute>[1] &
  Parameters<typeof factoryRoute>[1] &
  Parameters<typeof queueRoute>[1] &
  Parameters<typeof overviewRoute>[1] &
  Parameters<typeof eventsRoute>[1] &
  Parameters<typeof auditRoute>[1];

/** Its document, which holds nothing that is not in the repository and is for everybody, and every route that asks who one is. */
export async function adminApi(server: ZodServer, parts: ApiParts): Promise<void> {
  serveOpenApi(server, () => import('./http/openapi.ts'));
  await server.register(cookie);

  await server.register(async (api) => {
    api.addHook('onRequest', async (_request, reply) => void reply.header('Cache-Control', 'no-store'));
    api.addHook('onResponse', async (request, reply) =>
      parts.events.replied(`${request.method} ${request.routeOptions.url}`, reply.statusCode),
    );
    api.setErrorHandler((error) => {
      throw toProblem(error);
    });
    guardRoutes(api, parts);
    sessionRoute(api, parts);
    orderListRoute(api, parts);
    orderDetailRoute(api, parts);
    orderChangeRoute(api, parts);
    bulkRoute(api, parts);
    factoryRoute(api, parts);
    queueRoute(api, parts);
    overviewRoute(api, parts);
    eventsRoute(api, parts);
    auditRoute(api, parts);
  });
}
