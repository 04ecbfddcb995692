import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bulkTask } from '@proofbox/contract/admin';
import { adminTokenEntry, buildConsole, ensureRedis, newAdminToken, startStack } from '@proofbox/local';
import { connectPatiently, createNames } from '@proofbox/ledger';
import type { Page } from 'playwright-core';
import { createAdminClient } from '../../support/admin-client.ts';
import { openBrowser, openTab } from '../../support/browser.ts';
import { createFactoryControl } from '../../support/factory-control.ts';
import { createShopper } from '../../support/shopper.ts';
import { eventually } from '../../support/eventually.ts';
import { addDeadLetters, addHistory, menu } from './scene.ts';
import { placeSteadily } from './place-steadily.ts';
import { shotsOf } from './shots.ts';

/**
 * `npm run screenshots`: every page of the console in both colours and two widths, as pictures in docs/screenshots. What
 * is on them is a shop of its own, in the middle of an outage.
 */
const folder = path.join(import.meta.dirname, '../../../docs/screenshots');
const widths = { wide: 1_280, narrow: 390 };

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

await using closing = new AsyncDisposableStack();
await buildConsole({ say });
const redis = closing.use(await ensureRedis({ say }));
const keyTag = 'screenshots';
const token = newAdminToken();
const stack = closing.use(
  await startStack({
    redisUrl: redis.url,
    keyTag,
    timings: { waitMs: 0, factoryTimeoutMs: 1_000 },
    env: { admin: { ADMIN_TOKENS: adminTokenEntry('ann', 'operator', token) } },
  }),
);
const browser = await openBrowser();
closing.defer(() => browser.close());
const client = connectPatiently({ url: redis.url, onError: (error) => say(error.message) });
closing.defer(() => client.disconnect());

const scene = { redis: client, names: createNames(keyTag), now: Date.now() };
await addHistory(scene);
const ids = await addDeadLetters(scene, 47);
const primary = createFactoryControl(stack.urls.primaryControl);
const diner = createShopper({
  url: stack.urls.ingest,
  token: await stack.tokenFor({ id: 4, name: 'Kai Chen', email: 'kai@jwt.com' }),
});
closing.use(placeSteadily(diner, 4));
const shown = await actAsAnn();
await primary.misbehave({ kind: 'fail' });
await eventually(
  () => ann().get('/api/factories'),
  ({ text }) => text.includes('"open"'),
);

await mkdir(folder, { recursive: true });
for (const colours of ['light', 'dark'] as const) {
  for (const [size, width] of Object.entries(widths)) {
    const window = { url: stack.urls.admin, colours, width, height: 800 };
    await using visitor = await openTab(browser, window);
    await using tab = await openTab(browser, { ...window, token });
    for (const shot of shotsOf({ id: shown })) {
      const { page } = shot.isSignedOut ? visitor : tab;
      await page.setViewportSize({ width, height: window.height });
      await shot.show(page);
      if (shot.isWhole) await showWhole(page, width);
      const picture = await page.screenshot({ animations: 'disabled' });
      await writeFile(path.join(folder, `${shot.name}-${colours}-${size}.png`), picture);
      say(`${shot.name}-${colours}-${size}.png, ${Math.round(picture.length / 1_000)} kB`);
    }
  }
}

/** A window as high as its page: in a picture of more than the window, what is fixed to it would end in the middle. */
async function showWhole(page: Page, width: number): Promise<void> {
  const height = await page.evaluate<number>('document.documentElement.scrollHeight');
  await page.setViewportSize({ width, height });
}

function ann() {
  return createAdminClient({ url: stack.urls.admin, tokens: {} }).bearer(token);
}

/** Fills the tasks and the audit log. @returns an order with a story */
async function actAsAnn(): Promise<string> {
  const post = (address: string, body?: unknown) => ann().post(address, body);
  const chosen = ids.at(-3)!;
  const discard = { action: 'discard', target: { ids: ids.slice(9, 12) }, rate: 50 };
  await post('/api/bulk', { ...discard, why: 'test orders of the new store' });
  const replay = { action: 'replay', target: { filter: { reason: ['expired'] } }, rate: 2 };
  const { body } = await post('/api/bulk', { ...replay, why: 'the long outage is over' });
  const { id: task } = bulkTask.parse(body);
  await eventually(
    () => ann().get(`/api/bulk/${task}`),
    ({ body: now }) => bulkTask.parse(now).moved >= 4,
  );
  await post(`/api/bulk/${task}/pause`);
  const order = { id: ids[4], franchiseId: 1, storeId: '2', items: menu.slice(0, 2) };
  await post(`/api/orders/${ids[2]}/replay`, { why: 'the factory knows this pizza again' });
  await post(`/api/orders/${ids[4]}/replay`, { why: 'the menu had a wrong price', order });
  await post(`/api/orders/${ids[8]}/discard`, { why: 'the diner was refunded, ticket 4711' });
  await post('/api/factories/fallback/switch', { to: 'open', why: 'its owner moves house' });
  await post('/api/factories/fallback/switch', { to: 'auto', why: 'it is in its new house' });
  await post(`/api/orders/${chosen}/reveal`, { why: 'to call the diner' });
  return chosen;
}
