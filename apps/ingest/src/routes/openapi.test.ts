import { Validator } from '@seriousme/openapi-schema-validator';
import {
  acceptedReply,
  factoryRequest,
  fulfilledReply,
  orderIn,
  orderStatus,
  problem,
  ProblemError,
  verifyIn,
  verifyReply,
} from '@proofbox/contract';
import { createHttpServer, createLogger, createMetrics, serveOpenApi } from '@proofbox/runtime';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { orderRoute } from './order-route.ts';
import { statusRoute } from './status-route.ts';
import { verifyRoute } from './verify-route.ts';

type Document = { components: { schemas: Record<string, object> }; paths: Record<string, object> };

let document: Document;
beforeAll(async () => {
  const logger = createLogger({ service: 'test', level: 'silent' });
  const server = createHttpServer({ logger, metrics: createMetrics(), ready: async () => ({ reasons: [] }) });
  serveOpenApi(server, () => import('./openapi.ts'));
  orderRoute(server, {} as Parameters<typeof orderRoute>[1]);
  statusRoute(server, {} as Parameters<typeof statusRoute>[1]);
  verifyRoute(server, {} as Parameters<typeof verifyRoute>[1]);
  document = (await server.inject('/openapi.json')).json();
});

const item = { menuId: 1, description: 'Veggie', price: 0.0038 };
const order = { franchiseId: 1, storeId: '1', items: [item] };
const withId = { ...order, id: 'pb-1' };
const at = new Date(0).toISOString();

/** For each schema of the document: the zod schema it was made of, what both take, and what both refuse. */
const agreements: Record<string, { zod: z.ZodType; takes: unknown[]; refuses: unknown[] }> = {
  OrderIn: {
    zod: orderIn,
    takes: [
      order,
      { ...order, storeId: 7, note: 'unknown' },
      { ...order, items: Array.from({ length: 20 }, () => item) },
      { ...order, items: [{ ...item, price: 0, size: 'xl' }] },
    ],
    refuses: [
      null,
      [],
      'order',
      {},
      { ...order, items: [] },
      { ...order, items: Array.from({ length: 21 }, () => item) },
      { ...order, items: [{ ...item, price: '0.05' }] },
      { ...order, items: [{ ...item, price: -1 }] },
      { ...order, items: [{ ...item, description: undefined }] },
      { ...order, storeId: '' },
      { ...order, storeId: 'x'.repeat(201) },
      { ...order, storeId: null },
    ],
  },
  FactoryRequest: {
    zod: factoryRequest,
    takes: [{ diner: { id: 2, name: 'd', email: 'd@jwt.com', more: 1 }, order: { ...order, id: 20 } }],
    refuses: [{ order: withId }, { diner: { id: 2 }, order }, { diner: { id: 2, name: 3 }, order: withId }],
  },
  FulfilledReply: {
    zod: fulfilledReply,
    takes: [{ order: withId, jwt: 'r', status: 'fulfilled' }],
    refuses: [
      { order: withId, jwt: 'r', status: 'queued' },
      { order: withId, status: 'fulfilled' },
    ],
  },
  AcceptedReply: {
    zod: acceptedReply,
    takes: [{ order: withId, jwt: 't', status: 'queued', statusUrl: '/api/order/pb-1/status' }],
    refuses: [{ order: withId, jwt: 't', status: 'lost', statusUrl: '/' }],
  },
  VerifyIn: {
    zod: verifyIn,
    takes: [{ jwt: 'r' }, { jwt: 'r', more: 1 }],
    refuses: [{}, { jwt: '' }, { jwt: 1 }],
  },
  VerifyReply: {
    zod: verifyReply,
    takes: [{ message: 'valid', payload: { order: {} } }],
    refuses: [{ message: 'maybe', payload: {} }, { message: 'valid' }],
  },
  OrderStatus: {
    zod: orderStatus,
    takes: [
      {
        id: 'pb-1',
        status: 'retrying',
        order: withId,
        acceptedAt: at,
        updatedAt: at,
        attempts: [
          { n: 1, factory: 'primary', startedAt: at, durationMs: 5, outcome: 'failed' },
          { n: 2, factory: 'fallback', startedAt: at, outcome: 'under_way' },
        ],
      },
    ],
    refuses: [
      { id: 'pb-1', status: 'retrying', order: withId, acceptedAt: at, updatedAt: at },
      { id: 'pb-1', status: 'dead', order: withId, acceptedAt: at, updatedAt: at, attempts: [] },
    ],
  },
  Problem: {
    zod: problem,
    takes: [
      new ProblemError({
        status: 400,
        title: 't',
        detail: 'd',
        errors: [{ path: 'p', message: 'm' }],
      }).toProblem(),
    ],
    refuses: [
      { type: 'about:blank', title: 't', status: 400, detail: 'd' },
      { type: 'about:blank', title: 't', status: '400', detail: 'd', message: 'd' },
    ],
  },
};

describe('the OpenAPI document', () => {
  test('is valid OpenAPI 3.1, and every reference in it leads somewhere', async () => {
    const validator = new Validator();
    expect(await validator.validate(structuredClone(document))).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
    const names = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
      ([, name]) => name,
    );
    expect(new Set(names)).toEqual(new Set(Object.keys(document.components.schemas)));
  });

  test('describes every path that a client uses', () => {
    expect(Object.keys(document.paths)).toEqual([
      '/api/order',
      '/api/order/{id}/status',
      '/api/order/verify',
    ]);
  });

  test('says of every schema here what it takes', () => {
    expect(Object.keys(agreements).toSorted()).toEqual(Object.keys(document.components.schemas).toSorted());
  });

  test.for(Object.entries(agreements))(
    'takes and refuses as %s what the parser takes and refuses',
    ([name, { zod, takes, refuses }]) => {
      const accepts = new Ajv2020({ strict: false }).compile(document.components.schemas[name]!);
      for (const value of takes)
        expect([value, accepts(value), zod.safeParse(value).success]).toEqual([value, true, true]);
      for (const value of refuses) {
        expect([value, accepts(value), zod.safeParse(value).success]).toEqual([value, false, false]);
      }
    },
  );
});
