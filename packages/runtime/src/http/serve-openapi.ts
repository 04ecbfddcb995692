import type { FastifyInstance, RouteOptions } from 'fastify';
import type { OpenApiAbout } from './openapi.ts';

/** `GET /openapi.json`: the routes that are added after this. The document is made, and all it takes loaded, when it is first asked for. */
export function serveOpenApi(server: FastifyInstance, about: () => Promise<{ about: OpenApiAbout }>): void {
  const routes: RouteOptions[] = [];
  server.addHook('onRoute', (route) => {
    if (route.config?.operationId !== undefined && route.method !== 'HEAD') routes.push(route);
  });
  let document: Promise<object> | undefined;
  server.get('/openapi.json', async () => (document ??= make()));

  async function make(): Promise<object> {
    const [{ openApiOf }, { about: more }] = await Promise.all([import('./openapi.ts'), about()]);
    return openApiOf(routes, more);
  }
}
