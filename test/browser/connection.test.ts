import { ensureRedis, type Redis } from '@proofbox/local';
import { afterAll, expect, test } from 'vitest';
import { heading, signIn } from '../support/console-page.ts';
import { longMs, setConsoleStage } from '../support/console-stage.ts';

/** Of its own: it is stopped under way. */
let redis: Redis;
const stage = setConsoleStage({
  timings: { waitMs: 0 },
  redisUrl: async () => {
    redis = await ensureRedis();
    return redis.url;
  },
});
afterAll(() => redis?.[Symbol.asyncDispose]());

test(
  'a session that ends asks to sign in, and goes on at the same address, on a page that only looks as well',
  async () => {
    await stage.dead.add({ diner: { id: 31 } });
    const operator = stage.shop.stack.adminTokens.operator!;
    const page = await stage.openAs('operator', { expected: /status of 401/ });
    const endSession = async () => {
      const headers = { 'sec-fetch-site': 'same-origin' };
      const reply = await page.context().request.delete('/api/session', { headers });
      expect(reply.status()).toBe(204);
    };

    await page.goto('/dead-letters?diner=31');
    await page.getByRole('checkbox', { name: /^Choose order/ }).waitFor();
    await endSession();
    await page.getByRole('button', { name: 'Refresh' }).click();
    await page.getByLabel('Token').waitFor();
    expect(await page.getByRole('checkbox').count()).toBe(0);
    await signIn(page, operator);
    await page.getByRole('checkbox', { name: /^Choose order/ }).waitFor();
    expect(new URL(page.url()).search).toBe('?diner=31');

    await page.goto('/');
    await page.getByText('Live', { exact: true }).waitFor();
    await endSession();
    await page.getByLabel('Token').waitFor({ timeout: 60_000 });
    await signIn(page, operator);
    await page.getByText('Live', { exact: true }).waitFor();
  },
  longMs,
);

test(
  'while the admin server is down Now says so, keeps its last numbers, and is live again by itself',
  async () => {
    const page = await stage.openAs('viewer', { expected: /ERR_|status of 50/ });
    await page.goto('/');
    await page.getByText('Live', { exact: true }).waitFor();
    // The charts are a file of their own, which has to be there by then.
    await page.getByText('Nothing has been recorded yet').or(page.getByRole('figure')).first().waitFor();
    const admin = stage.shop.stack.process('admin');
    admin.kill('SIGKILL');
    await page.getByText('The live connection to the admin server is cut').waitFor();
    await page.getByText('Not live', { exact: true }).waitFor();
    await heading(page, 'Now').waitFor();

    await admin.restart();
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByText('The live connection to the admin server is cut').waitFor({ state: 'detached' });
    await stage.shop.diner.order();
    await page.getByText('1 order in all').first().waitFor();
    expect(await page.getByLabel('Token').count()).toBe(0);
  },
  longMs,
);

test(
  'while Redis is away Now says so, and that orders are taken all the same, and is live again by itself',
  async () => {
    const page = await stage.openAs('viewer', { expected: /ERR_|status of 50/ });
    await page.goto('/');
    await page.getByText('Live', { exact: true }).waitFor();
    await redis.kill('SIGKILL');
    await page.getByText('Redis does not answer').waitFor();
    await page.getByText('Redis away', { exact: true }).waitFor();
    expect((await stage.shop.diner.order()).status).toBe(202);

    await redis.restart();
    await page.getByText('Live', { exact: true }).waitFor({ timeout: 60_000 });
    await page.getByText('2 orders in all').first().waitFor({ timeout: 60_000 });
  },
  longMs,
);
