import type { BulkTasks } from '@proofbox/contract/admin';
import type { AdminRole } from '@proofbox/local';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { AdminCaller } from '../support/admin-client.ts';
import { openDeadLetters, type DeadLetters } from '../support/dead-letters.ts';
import { eventually } from '../support/eventually.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { anOrder } from '../support/shopper.ts';

const keyTag = `test-admin-roles-${crypto.randomUUID()}`;

let shop: Shop;
let dead: DeadLetters;
/** The dead letter and the bulk task that the refused are sent at. */
let id: string;
let task: string;
beforeAll(async () => {
  // Without workers nothing changes by itself.
  shop = await openShop({ keyTag, workers: 0 });
  dead = openDeadLetters({ redisUrl: inject('redisUrl'), keyTag });
  id = await dead.add();
  task = await newTask();
});
afterAll(async () => {
  await dead?.[Symbol.asyncDispose]();
  await shop?.[Symbol.asyncDispose]();
});

/** A task that has nothing to do, and ends at once. */
async function newTask(): Promise<string> {
  const { body } = await shop.admin.as('operator').post('/api/bulk', bulk());
  return (body as { id: string }).id;
}

async function runningTasks(): Promise<number> {
  const { body } = await shop.admin.as('viewer').get('/api/bulk');
  return (body as BulkTasks).tasks.filter(({ state }) => state === 'running').length;
}

function bulk() {
  return { action: 'replay', target: { filter: { diner: 'nobody' } }, rate: 1, why };
}

const why = 'a test';
const callers = ['nobody', 'viewer', 'operator', 'admin'] as const;
type Caller = (typeof callers)[number];

type Send = (caller: AdminCaller) => Promise<{ status: number }>;

/** For each operation the least that may do it, how it is asked for, and what those are answered who may. */
const table: Record<string, { needs: AdminRole; send: Send; granted: number | number[] }> = {
  'GET /api/session': { needs: 'viewer', send: (as) => as.get('/api/session'), granted: 200 },
  'GET /api/orders': { needs: 'viewer', send: (as) => as.get('/api/orders'), granted: 200 },
  'GET /api/orders/{id}': { needs: 'viewer', send: (as) => as.get(`/api/orders/${id}`), granted: 200 },
  'POST /api/orders/{id}/reveal': {
    needs: 'operator',
    send: (as) => as.post(`/api/orders/${id}/reveal`, { why }),
    granted: 200,
  },
  'POST /api/orders/{id}/replay': {
    needs: 'operator',
    send: (as) => as.post(`/api/orders/${id}/replay`, { why, order: anOrder() }),
    granted: 200,
  },
  'POST /api/orders/{id}/discard': {
    needs: 'operator',
    send: (as) => as.post(`/api/orders/${id}/discard`, { why }),
    granted: 200,
  },
  'POST /api/bulk/preview': {
    needs: 'viewer',
    send: (as) => as.post('/api/bulk/preview', { target: bulk().target }),
    granted: 200,
  },
  'POST /api/bulk': { needs: 'operator', send: (as) => as.post('/api/bulk', bulk()), granted: 201 },
  'GET /api/bulk': { needs: 'viewer', send: (as) => as.get('/api/bulk'), granted: 200 },
  'GET /api/bulk/{id}': { needs: 'viewer', send: (as) => as.get(`/api/bulk/${task}`), granted: 200 },
  // The task may have ended: then it is not done any more, for whoever may.
  'POST /api/bulk/{id}/pause': {
    needs: 'operator',
    send: (as) => as.post(`/api/bulk/${task}/pause`),
    granted: [200, 409],
  },
  'POST /api/bulk/{id}/resume': {
    needs: 'operator',
    send: (as) => as.post(`/api/bulk/${task}/resume`),
    granted: [200, 409],
  },
  'POST /api/bulk/{id}/abort': {
    needs: 'operator',
    send: (as) => as.post(`/api/bulk/${task}/abort`),
    granted: [200, 409],
  },
  'GET /api/factories': { needs: 'viewer', send: (as) => as.get('/api/factories'), granted: 200 },
  'POST /api/factories/{name}/switch': {
    needs: 'operator',
    send: (as) => as.post('/api/factories/fallback/switch', { to: 'open', why }),
    granted: 200,
  },
  'GET /api/queue': { needs: 'viewer', send: (as) => as.get('/api/queue'), granted: 200 },
  'POST /api/queue': {
    needs: 'operator',
    send: (as) => as.post('/api/queue', { isPaused: true, why }),
    granted: 200,
  },
  'GET /api/overview': { needs: 'viewer', send: (as) => as.get('/api/overview'), granted: 200 },
  'GET /api/history': { needs: 'viewer', send: (as) => as.get('/api/history'), granted: 200 },
  'GET /api/events': { needs: 'viewer', send: (as) => as.begin('/api/events'), granted: 200 },
  'GET /api/audit': { needs: 'viewer', send: (as) => as.get('/api/audit'), granted: 200 },
  'GET /api/audit/export': { needs: 'admin', send: (as) => as.get('/api/audit/export'), granted: 200 },
};

/** For everybody, also for those who are not signed in. */
const open = ['POST /api/session', 'DELETE /api/session'];

/** @guarantee G6 */
test('the table has every operation of the API, with the role that its document names', async () => {
  const { body } = await shop.admin.as('nobody').get('/openapi.json');
  const { paths } = body as { paths: Record<string, Record<string, { 'x-role': string }>> };
  const documented = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, each]) => [`${method.toUpperCase()} ${path}`, each['x-role']]),
  );
  const expected = [
    ...Object.entries(table).map(([name, { needs }]) => [name, needs]),
    ...open.map((name) => [name, 'nobody']),
  ];
  expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(expected));
});

/** All that a request could have changed. */
async function everything(): Promise<string> {
  const admin = shop.admin.as('admin');
  // A task that ends meanwhile is no change of those who were refused.
  await eventually(runningTasks, (running) => running === 0);
  const answers = await Promise.all([
    ...['/api/queue', '/api/factories', '/api/bulk', '/api/audit'].map((path) => admin.get(path)),
    dead.read(id),
    dead.ledger.stats(),
  ]);
  return JSON.stringify(answers.map((each) => ('text' in each ? each.text : each)));
}

function mayDo(caller: Caller, needs: AdminRole): boolean {
  return callers.indexOf(caller) >= callers.indexOf(needs);
}

describe.each(callers)('%s', (caller) => {
  const refused = Object.entries(table).filter(([, { needs }]) => !mayDo(caller, needs));
  const granted = Object.entries(table).filter(([, { needs }]) => mayDo(caller, needs));

  test.runIf(refused.length > 0).each(refused)(
    'may not %s, and nothing is changed',
    async (_name, { send }) => {
      const before = await everything();
      const { status } = await send(shop.admin.as(caller));
      expect(status).toBe(caller === 'nobody' ? 401 : 403);
      expect(await everything()).toBe(before);
    },
  );

  test.runIf(granted.length > 0).each(granted)('may %s', async (_name, row) => {
    const { status } = await row.send(shop.admin.as(caller));
    expect([row.granted].flat()).toContain(status);
  });
});
