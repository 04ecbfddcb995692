import { Validator } from '@seriousme/openapi-schema-validator';
import { problem } from '@proofbox/contract';
import * as adminSchemas from '@proofbox/contract/admin';
import { createHttpServer, createLogger, createMetrics } from '@proofbox/runtime';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { adminApi, type ApiParts } from './admin-api.ts';
import type { Actor } from './auth/authenticator.ts';
import { createEvents } from './auth/events.ts';
import { guardRoutes } from './auth/guard.ts';
import { examples } from './http/openapi-examples.ts';
import { unauthorized } from './http/refusals.ts';
import { addSecureHeaders } from './http/secure-headers.ts';

type Operation = {
  operationId: string;
  summary: string;
  tags: string[];
  'x-role': string;
  security: object[];
  parameters: {
    name: string;
    in: string;
    description: string;
    schema: { type?: string };
    explode?: boolean;
  }[];
  requestBody?: object;
  responses: Record<string, { description: string; content?: Record<string, object> }>;
};
type Document = {
  components: { schemas: Record<string, object> };
  paths: Record<string, Record<string, Operation>>;
};

const logger = createLogger({ service: 'test', level: 'silent' });
const routes: { method: string; url: string }[] = [];
let server: FastifyInstance;
let document: Document;
let operations: { path: string; method: string; operation: Operation }[];

/** The routes of the real server, behind an authenticator that knows one admin. What they do, other tests look at. */
beforeAll(async () => {
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
  await adminApi(server, { logger, authenticator, events } as unknown as ApiParts);
  await server.ready();
  document = (await server.inject('/openapi.json')).json();
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
});
afterAll(() => server.close());

test('a route that does not say whom it is for cannot be served', async () => {
  const other = createHttpServer({ logger, metrics: createMetrics(), ready: async () => ({ reasons: [] }) });
  guardRoutes(other, {} as Parameters<typeof guardRoutes>[1]);
  expect(() => other.get('/api/secrets', async () => 'all of them')).toThrow(
    /GET \/api\/secrets does not say which role it needs/,
  );
});

test('what it takes is checked before it is done: path, query and body', async () => {
  const post = (url: string, payload: object) => server.inject({ method: 'POST', url, payload });
  const asked = await Promise.all([
    server.inject('/api/orders?limit=201&state=dead,lost'),
    server.inject('/api/orders/not%20an%20id'),
    post('/api/orders/pb-1/replay', { why: '' }),
  ]);
  expect(asked.map((each) => [each.statusCode, each.json().detail])).toEqual([
    [
      400,
      expect.stringMatching(/^The query is not valid: state\.1: .*; limit: expected a whole number from 1/),
    ],
    [
      400,
      expect.stringMatching(/^The path is not valid: id: this is not the id of an order: expected letters/),
    ],
    [400, 'The request is not valid: why: say why, in a few words'],
  ]);
});

describe('the OpenAPI document of the admin API', () => {
  test('has what is served, each operation under a name of its own', () => {
    const served = routes
      .filter(({ method, url }) => url.startsWith('/api/') && method !== 'HEAD')
      .map(({ method, url }) => `${method} ${url.replaceAll(/:(\w+)/g, '{$1}')}`);
    const documented = operations.map(({ path, method }) => `${method.toUpperCase()} ${path}`);
    expect(documented.toSorted()).toEqual(served.toSorted());
    expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(served.length);
  });

  test('is valid OpenAPI 3.1, and every reference in it leads somewhere', async () => {
    const validator = new Validator();
    expect(await validator.validate(structuredClone(document))).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)];
    expect(new Set(references.map(([, name]) => name))).toEqual(
      new Set(Object.keys(document.components.schemas)),
    );
  });

  test('says of each operation who may, what they get, and how it is refused', () => {
    for (const { path, method, operation } of operations) {
      const role = operation['x-role'];
      expect([...adminSchemas.roles, 'nobody']).toContain(role);
      expect(operation.security.length > 0).toBe(role !== 'nobody');
      expect(operation.tags).toEqual([path.split('/')[2]]);
      const inPath = operation.parameters.filter((parameter) => parameter.in === 'path');
      expect(inPath.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
      const statuses = Object.keys(operation.responses);
      const refusals = statuses.filter((status) => !status.startsWith('2'));
      expect([path, statuses.length - refusals.length]).toEqual([path, 1]);
      const expected = [
        '429',
        '503',
        ...(role === 'nobody' ? [] : ['401', '403']),
        ...(method !== 'get' ? ['403'] : []),
        ...(operation.requestBody ? ['400', '413', '415'] : []),
        ...(inPath.length > 0 ? ['400', '404'] : []),
      ];
      expect(refusals).toEqual(expect.arrayContaining(expected));
      const types = refusals.flatMap((status) => Object.keys(operation.responses[status]!.content ?? {}));
      expect(new Set(types)).toEqual(new Set(['application/problem+json']));
      expect(method === 'get' && operation.requestBody !== undefined).toBe(false);
      const texts = [...operation.parameters, ...Object.values(operation.responses)].map(
        (each) => each.description,
      );
      expect([path, texts]).toEqual([path, texts.map(() => expect.stringMatching(/./))]);
    }
  });

  test('has numbers and lists of a query as such', () => {
    const find = operations.find(({ operation }) => operation.operationId === 'findOrders')!.operation;
    const [limit, state] = ['limit', 'state'].map((wanted) =>
      find.parameters.find(({ name }) => name === wanted),
    );
    expect(limit?.schema).toMatchObject({ type: 'integer', minimum: 1, maximum: 200, default: 50 });
    expect(state).toMatchObject({ schema: { type: 'array' }, explode: false });
  });

  test('shows how each schema looks, as schema and parser take it', () => {
    const parsers = Object.entries({ ...adminSchemas, problem }) as [string, z.ZodType][];
    for (const [name, schema] of Object.entries(document.components.schemas)) {
      const accepts = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
      const [, parser] = parsers.find(([each]) => each.toLowerCase() === name.toLowerCase())!;
      expect([name, accepts(examples[name]), accepts.errors]).toEqual([name, true, null]);
      expect([name, parser.safeParse(examples[name]).success]).toEqual([name, true]);
      for (const wrong of [null, 'text', [], 7]) {
        expect([wrong, accepts(wrong), parser.safeParse(wrong).success]).toEqual([wrong, false, false]);
      }
    }
  });
});
