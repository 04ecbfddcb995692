import { adminOpenApi } from '@proofbox/contract/openapi';
import { connectPatiently, createNames, createOrderQueue } from '@proofbox/ledger';
import { createHttpServer, createLogger, createMetrics } from '@proofbox/runtime';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { adminApi, type ApiParts } from './admin-api.ts';
import type { Actor } from './auth/authenticator.ts';
import { createEvents } from './auth/events.ts';
import { guardRoutes } from './auth/guard.ts';
import { unauthorized } from './http/refusals.ts';
import { addSecureHeaders } from './http/secure-headers.ts';

const logger = createLogger({ service: 'test', level: 'silent' });
const opened = new AsyncDisposableStack();
const routes: { method: string; url: string }[] = [];
let server: FastifyInstance;

/** The routes of the real server, behind an authenticator that knows one admin. What they do, other tests look at. */
beforeAll(async () => {
  const redis = connectPatiently({ url: inject('redisUrl'), onError: rethrow });
  opened.defer(() => redis.disconnect());
  const names = createNames(`test-${crypto.randomUUID()}`);
  const queue = opened.use(createOrderQueue({ redis, names, onError: rethrow }));
  const metrics = createMetrics();
  server = createHttpServer({ logger, metrics, ready: async () => ({ reasons: [] }) });
  server.addHook('onRoute', ({ method, url }) => {
    for (const each of [method].flat()) routes.push({ method: each, url });
  });
  await addSecureHeaders(server);
  const authenticator = {
    identify: async () => Promise.reject(unauthorized('nobody')),
    admit: async (): Promise<Actor> => ({ name: 'ada', role: 'admin' }),
  };
  const events = createEvents(logger, metrics);
  await adminApi(server, { queue, logger, authenticator, events } as unknown as ApiParts);
  await server.ready();
  opened.defer(() => server.close());
});
afterAll(() => opened.disposeAsync());

function rethrow(error: Error): never {
  throw error;
}

test('what is served is what the document describes', () => {
  const { paths } = adminOpenApi('1.2.3') as { paths: Record<string, Record<string, object>> };
  const documented = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const served = routes
    .filter(({ method, url }) => url.startsWith('/api/') && method !== 'HEAD')
    .map(({ method, url }) => `${method} ${url.replaceAll(/:(\w+)/g, '{$1}')}`);
  expect(served.toSorted()).toEqual(documented.toSorted());
});

test('a route that does not say whom it is for cannot be served', async () => {
  const other = createHttpServer({ logger, metrics: createMetrics(), ready: async () => ({ reasons: [] }) });
  guardRoutes(other, {} as Parameters<typeof guardRoutes>[1]);
  expect(() => other.get('/api/secrets', async () => 'all of them')).toThrow(
    /GET \/api\/secrets does not say which role it needs/,
  );
});
