import axe, { type AxeResults, type RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { heading } from '../support/console-page.ts';
import { longMs, setConsoleStage } from '../support/console-stage.ts';

const stage = setConsoleStage({ timings: { waitMs: 0 } });

/** Longer than any line, with no place to break it. */
const endless = 'w'.repeat(400);
/** As long as an id may be. */
const endlessId = 'w'.repeat(200);
let id: string;
beforeAll(async () => {
  const { shop, dead } = stage;
  await dead.add({ reason: 'unknown_outcome', diner: { id: endlessId } });
  for (let more = 0; more < 60; more += 1) await dead.add({ reason: 'exhausted', diner: { id: more } });
  id = await dead.add({
    reason: 'rejected',
    diner: { id: 5, name: endless, email: `${endless}@jwt.com` },
    order: { storeId: endlessId, items: [{ menuId: endlessId, description: endless, price: 0.1 }] },
    detail: endless,
  });
  const operator = shop.admin.as('operator');
  await operator.post('/api/queue', { isPaused: true, why: endless });
  await operator.post('/api/factories/fallback/switch', { to: 'open', why: endless });
  await operator.post(`/api/orders/${id}/reveal`, { why: endless });
  await dead.add({ reason: 'rejected', diner: { id: 'elsewhere' }, detail: 'of the task' });
  const filter = { diner: 'elsewhere' };
  await operator.post('/api/bulk', { action: 'replay', target: { filter }, rate: 1, why: endless });
  await shop.diner.order();
}, longMs);

type Stop = { name: string; show: (page: Page) => Promise<void>; isSignedOut?: boolean };

/** Every page and every dialog, as a person comes to it. */
const stops: Stop[] = [
  { name: 'sign-in', isSignedOut: true, show: (page) => at(page, '/', 'Proofbox') },
  {
    name: 'now',
    async show(page) {
      await at(page, '/', 'Now');
      await page.getByRole('heading', { name: 'The last hours' }).waitFor();
      await page.getByRole('article', { name: 'Delivery to the factories' }).waitFor();
    },
  },
  {
    name: 'dead letters',
    async show(page) {
      await at(page, '/dead-letters?state=dead%2Cheld&reason=rejected%2Cexhausted', 'Dead letters');
      await page
        .getByRole('checkbox', { name: /^Choose order/ })
        .first()
        .check();
    },
  },
  { name: 'no dead letter found', show: (page) => at(page, `/dead-letters?diner=nobody`, 'Dead letters') },
  {
    name: 'more filters',
    async show(page) {
      await at(page, '/dead-letters', 'Dead letters');
      await page.getByRole('button', { name: 'More filters' }).click();
      await page.getByLabel('Diner', { exact: true }).waitFor();
    },
  },
  {
    name: 'bulk dialog',
    async show(page) {
      await at(page, '/dead-letters?diner=5', 'Dead letters');
      await page
        .getByRole('checkbox', { name: /^Choose order/ })
        .first()
        .check();
      await page
        .getByRole('region', { name: 'What is chosen' })
        .getByRole('button', { name: 'Discard …' })
        .click();
      await page
        .getByRole('dialog')
        .getByRole('button', { name: /Close|Cancel/ })
        .last()
        .waitFor();
    },
  },
  { name: 'order', show: (page) => at(page, `/orders/${id}`, 'Order') },
  { name: 'no such order', show: (page) => at(page, '/orders/pb-nothing', 'Order') },
  { name: 'tasks', show: (page) => at(page, '/tasks', 'Bulk tasks') },
  { name: 'factories', show: (page) => at(page, '/factories', 'Factories') },
  {
    name: 'question before a change',
    async show(page) {
      await at(page, '/factories', 'Factories');
      await page.getByRole('button', { name: 'Resume delivery' }).click();
      await page.getByRole('dialog').getByLabel('Why?').waitFor();
    },
  },
  { name: 'audit log', show: (page) => at(page, '/audit', 'Audit log') },
  { name: 'no such page', show: (page) => at(page, '/nothing', 'There is no such page') },
];

async function at(page: Page, address: string, title: string): Promise<void> {
  await page.goto(address);
  await heading(page, title).waitFor();
  await page.waitForLoadState('load');
}

test.each(stops)(
  '$name: nothing keeps people from reading or using it, in either colours, and it fits 360 pixels',
  async ({ show, isSignedOut }) => {
    const options = { expected: /status of 40[14]/ };
    const page = isSignedOut ? await stage.open(options) : await stage.openAs('operator', options);
    await show(page);
    await page.evaluate(axe.source);
    expect(await graveViolations(page)).toEqual([]);

    await page.emulateMedia({ colorScheme: 'dark' });
    await page.locator('[data-mantine-color-scheme=dark]').waitFor({ state: 'attached' });
    // Colours change one after the other.
    await expect.poll(() => graveViolations(page, { runOnly: ['color-contrast'] })).toEqual([]);

    await page.setViewportSize({ width: 360, height: 740 });
    await expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    // Nor does anything hang over the edge of a dialog.
    const tooWide = (): Promise<string[]> =>
      page.evaluate(`[...document.querySelectorAll('[role=dialog] *, main *')]
      .filter((each) => each.getBoundingClientRect().right > 361 && each.getBoundingClientRect().width > 0)
      .filter((each) => !each.closest('svg, [aria-hidden=true], .one-line'))
      .map((each) => each.outerHTML.slice(0, 200))`);
    await expect.poll(tooWide).toEqual([]);
  },
  longMs,
);

/** What axe calls serious or critical on the page as it is: the rule, and the first elements that break it. */
async function graveViolations(page: Page, options: RunOptions = {}): Promise<unknown[]> {
  const asked = JSON.stringify({ resultTypes: ['violations'], ...options });
  const { violations } = await page.evaluate<AxeResults>(`axe.run(document, ${asked})`);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id: rule, nodes }) => [
      rule,
      ...nodes.slice(0, 5).map(({ html, any }) => [html, any[0]?.message]),
    ]);
}
