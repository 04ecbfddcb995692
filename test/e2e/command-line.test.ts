import { randomUUID } from 'node:crypto';
import { orderDetail, orderPage, overview, type OrderDetail } from '@proofbox/contract/admin';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { environmentIn, proofboxIn, proofboxWith, type Proofbox } from '../support/proofbox-command.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { anOrder } from '../support/shopper.ts';

let shop: Shop;
let proofbox: Proofbox;
beforeAll(async () => {
  // A canary that is baked is the witness against an order that both factories refuse.
  shop = await openShop({ timings: { waitMs: 0 }, env: { worker: { CANARY_INTERVAL_MS: '1000' } } });
  proofbox = proofboxIn(shop);
});
afterAll(() => shop?.[Symbol.asyncDispose]());
beforeEach(async () => {
  const poison = { kind: '400', orderMatching: 'anchovies' };
  await Promise.all([shop.primary.misbehave(poison), shop.fallback.misbehave(poison)]);
});

async function show(id: string): Promise<OrderDetail> {
  return orderDetail.parse((await shop.admin.as('viewer').get(`/api/orders/${id}`)).body);
}

async function inState(id: string, state: OrderDetail['state']): Promise<OrderDetail> {
  return eventually(
    () => show(id),
    (order) => order.state === state,
  );
}

/** An order that both factories refuse with 400, once it is a dead letter. */
async function rejectedOrder(): Promise<string> {
  const items = [{ menuId: 1, description: `anchovies ${randomUUID()}`, price: 0.0038 }];
  const { body } = await shop.diner.order(anOrder({ items }));
  await inState(body.order.id, 'dead');
  return body.order.id;
}

async function mend(): Promise<void> {
  await Promise.all([shop.primary.mend(), shop.fallback.mend()]);
}

test('an order that the factory rejects is found among the dead letters, and its attempt is told', async () => {
  const id = await rejectedOrder();
  const args = ['--reason', 'rejected', '--diner', '2', '--text', 'the order IS bad', '--since', '1h'];
  const { orders } = orderPage.parse(JSON.parse((await proofbox('dead', 'list', ...args, '--json')).stdout));
  expect(orders.find((each) => each.id === id)).toMatchObject({
    state: 'dead',
    reason: 'rejected',
    diner: { id: '2' },
    lastAttempt: { outcome: 'rejected', status: 400 },
  });
  expect((await proofbox('dead', 'list', '--text', 'no such words')).stdout).toBe('No dead letters match.\n');
  const story = await proofbox('dead', 'show', id);
  expect(story).toMatchObject({ code: 0, stderr: '' });
  expect(story.stdout).toMatch(/State +dead: rejected/);
  expect(story.stdout).toMatch(/1 +\S+Z +primary +rejected, 400 +\d+ ms +no +The order is bad/);
  expect(story.stdout).toContain(`dead edit ${id}`);
});

test('a replayed order is baked once its factory is mended, and replaying it again bakes nothing more', async () => {
  const id = await rejectedOrder();
  await mend();
  const replay = () => proofbox('dead', 'replay', id, '--why', 'mended');
  expect(await replay()).toEqual({ code: 0, stdout: `${id}  replayed\n`, stderr: '' });
  expect(await inState(id, 'fulfilled')).toMatchObject({ hasReceipt: true, replays: 1 });
  expect(await replay()).toEqual({ code: 0, stdout: `${id}  already fulfilled\n`, stderr: '' });
  const { audit, ...after } = await show(id);
  expect(after).toMatchObject({ state: 'fulfilled', replays: 1 });
  expect(audit).toMatchObject([{ action: 'replay', by: 'operator', why: 'mended' }]);
  expect(await shop.primary.order(id)).toMatchObject({ baked: 1 });
  expect(await shop.fallback.order(id)).toMatchObject({ baked: 0 });
});

test('an edit is shown first, changes nothing in a dry run, and bakes the order as it was corrected', async () => {
  const id = await rejectedOrder();
  const edit = ['dead', 'edit', id, '--set', 'items.0.description=Veggie', '--why', 'no more anchovies'];
  const dry = await proofbox(...edit, '--dry-run', '--yes');
  expect(await show(id)).toMatchObject({ state: 'dead', edits: [] });
  expect(dry.stdout).toMatch(/items\.0\.description: "anchovies \S+" -> "Veggie"\nNothing was changed/);
  expect(await proofbox(...edit)).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
  expect(await show(id)).toMatchObject({ state: 'dead', edits: [] });
  expect(await proofbox(...edit, '--yes')).toMatchObject({ code: 0, stdout: `${id}  edited and replayed\n` });
  const baked = await inState(id, 'fulfilled');
  expect(baked.order.items).toMatchObject([{ description: 'Veggie' }]);
  const { stdout } = await proofbox('orders', 'show', id);
  expect(stdout).toMatch(/Edits\n.*operator: no more anchovies\n.*"anchovies \S+" -> "Veggie"/);
  expect(await proofbox(...edit, '--yes')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('is fulfilled: only a dead or held order can be edited'),
  });
});

test('all rejected orders are replayed by one bulk task, after a dry run that changes nothing', async () => {
  const ids = await Promise.all([rejectedOrder(), rejectedOrder(), rejectedOrder()]);
  await mend();
  const replay = ['dead', 'replay', '--reason', 'rejected', '--why', 'the menu is right again'];
  const dry = await proofbox(...replay, '--dry-run');
  expect(dry.stdout).toMatch(/^Replay [3-9] orders, at 100 a second/);
  expect(dry.stdout).toContain(ids[0]);
  expect(await proofbox(...replay)).toMatchObject({ code: 2, stdout: '' });
  for (const id of ids) expect(await show(id)).toMatchObject({ state: 'dead' });
  const done = await proofbox(...replay, '--yes', '--json');
  expect(done.code).toBe(0);
  const task = JSON.parse(done.stdout);
  expect(task).toMatchObject({ action: 'replay', state: 'done', by: 'operator', rate: 100 });
  expect(task.moved).toBeGreaterThanOrEqual(3);
  for (const id of ids) {
    const { audit } = await inState(id, 'fulfilled');
    expect(audit).toMatchObject([{ action: 'replay', task: task.id, why: 'the menu is right again' }]);
  }
  expect(await proofbox(...replay, '--yes')).toMatchObject({
    code: 0,
    stdout: 'No dead letters match: there is nothing to replay.\n',
  });
});

test('who a diner is, is shown to those only who say why, and that is written down', async () => {
  const { body } = await shop.diner.order();
  const id = body.order.id;
  await inState(id, 'fulfilled');
  const { jwt } = (await shop.diner.status(id)).body;
  expect(jwt).toMatch(/^eyJ/);
  const runs = await Promise.all([
    proofbox('orders', 'show', id),
    proofbox('orders', 'show', id, '--json'),
    proofbox('orders', 'list', '--json'),
    proofbox('orders', 'list', '--csv'),
  ]);
  expect(runs[0].stdout).toMatch(/Receipt +stored/);
  const all = runs.map((each) => each.stdout + each.stderr).join();
  for (const secret of ['pizza diner', 'd@jwt.com', jwt, 'eyJ']) expect(all).not.toContain(secret);

  const reveal = ['orders', 'reveal', id, '--why', 'to tell them'];
  const refused = await proofboxIn(shop, 'viewer')(...reveal);
  expect(refused).toMatchObject({ code: 4, stdout: '' });
  expect(refused.stderr).toMatch(/^error: This needs the role operator; you are viewer\./);
  expect(await proofbox('orders', 'reveal', id)).toMatchObject({ code: 2 });
  const { stdout } = await proofbox(...reveal);
  expect(stdout).toMatch(/Name +pizza diner\n +E-mail +d@jwt\.com/);
  expect(stdout).not.toContain('eyJ');
  expect((await show(id)).audit).toMatchObject([{ action: 'reveal', by: 'operator', why: 'to tell them' }]);
});

test('stats add up: every accepted order is in exactly one state', async () => {
  await rejectedOrder();
  const { accepted, counts, backlog } = await eventually(
    async () => overview.parse((await shop.admin.as('viewer').get('/api/overview')).body),
    (stats) => stats.backlog === 0,
  );
  expect(JSON.parse((await proofbox('stats', '--json')).stdout)).toMatchObject({ accepted, counts, backlog });
  expect(counts.dead).toBeGreaterThan(0);
  expect(accepted).toBe(counts.fulfilled + counts.held + counts.dead + counts.discarded);
  const { stdout } = await proofbox('stats');
  expect(stdout).toContain('The ledger balances');
  expect(stdout).toMatch(/Workers +1 alive/);
});

test('while the queue is paused no order is baked, and pausing asks', async () => {
  await mend();
  const pause = ['queue', 'pause', '--why', 'the factory moves house'];
  expect(await proofbox(...pause)).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
  expect((await proofbox('queue', 'status')).stdout).toContain('Workers take orders');
  expect((await proofbox(...pause, '--yes')).stdout).toMatch(
    /^Paused: .* by operator: the factory moves house/,
  );
  const { body } = await shop.diner.order();
  expect((await proofbox('stats')).stdout).toContain('Paused: no worker takes orders');
  expect(await show(body.order.id)).toMatchObject({ state: 'queued' });
  expect((await proofbox('queue', 'resume', '--why', 'it has moved')).stdout).toContain(
    'Workers take orders',
  );
  await inState(body.order.id, 'fulfilled');
  const { stdout } = await proofbox('audit', 'list', '--subject', 'queue', '--csv');
  expect(stdout.split('\r\n').map((line) => line.split(',').slice(2, 6).join())).toEqual([
    'by,action,subject,why',
    'operator,resume_queue,queue,it has moved',
    'operator,pause_queue,queue,the factory moves house',
    '',
  ]);
});

test('switching a factory off asks, too', async () => {
  const forced = ['factory', 'off', 'primary', '--why', 'ovens are cleaned'];
  expect(await proofbox(...forced)).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
  expect((await proofbox('factory', 'list')).stdout).not.toContain('forced');
  expect((await proofbox(...forced, '--yes')).stdout).toMatch(/Condition +forced open/);
  const auto = await proofbox('factory', 'auto', 'primary', '--why', 'clean', '--json');
  expect(JSON.parse(auto.stdout)).toMatchObject({ factory: 'primary', condition: 'closed' });
});

test("a token that is nobody's is told as such, and never printed", async () => {
  const stranger = proofboxWith({ ...environmentIn(shop), PROOFBOX_TOKEN: 'pbx_geheim' });
  const run = await stranger('whoami');
  expect(run).toMatchObject({ code: 4, stdout: '' });
  expect(run.stderr).toMatch(/^error: This token is not valid here.*PROOFBOX_TOKEN/);
  expect(run.stderr).not.toContain('geheim');
});
