import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { goTo, heading, sayWhy } from '../support/console-page.ts';
import { longMs, setConsoleStage } from '../support/console-stage.ts';

const stage = setConsoleStage({ workers: 0, ingests: 0, fallback: false });

const image = '<img src=x onerror="alert(1);hacked=1">';
const script = '<script>alert(2);hacked=2</script>';
const drawing = '"><svg onload="alert(3);hacked=3">';
const link = 'javascript:alert(4)';

/** What is shown as words and did nothing. That no dialog came is seen to after each test. */
async function expectInert(page: Page): Promise<void> {
  expect(await page.evaluate('typeof hacked')).toBe('undefined');
  expect(await page.locator('img[src="x"], svg[onload], #root script').count()).toBe(0);
  expect(await page.locator('a[href^="javascript:" i]').count()).toBe(0);
}

/** @guarantee G6 */
test(
  'what diners, factories and admins write is shown as words and nothing else, on every page',
  async () => {
    const id = await stage.dead.add({
      reason: 'rejected',
      diner: { id: 4711, name: image, email: `${drawing}@jwt.com` },
      order: {
        storeId: script,
        note: link,
        items: [{ menuId: drawing, description: `${script}${image}`, price: 0.004 }],
      },
      detail: `${image} ${script}`,
    });
    const page = await stage.openAs('operator');

    await page.goto('/dead-letters');
    await page.getByRole('link', { name: id }).waitFor();
    await page.getByText(image).first().waitFor();
    await expectInert(page);

    await page.getByRole('checkbox', { name: `Choose order ${id}` }).check();
    await page
      .getByRole('region', { name: 'What is chosen' })
      .getByRole('button', { name: 'Discard …' })
      .click();
    await page.getByRole('dialog').getByText(image).first().waitFor();
    await expectInert(page);
    await page.keyboard.press('Escape');

    await page.getByRole('link', { name: id }).click();
    await heading(page, 'Order').waitFor();
    await page.getByText(script).first().waitFor();
    await expectInert(page);
    await page.getByRole('button', { name: 'Reveal …' }).click();
    await sayWhy(page, `${drawing}${link}`, 'Reveal');
    await page.getByText(`${drawing}@jwt.com`).waitFor();
    await expectInert(page);
    await page.getByRole('button', { name: 'Edit and replay …' }).click();
    await page.getByRole('dialog').getByLabel('Store').waitFor();
    await page.getByRole('dialog').getByLabel('Store').fill(image);
    await expectInert(page);
    await page.keyboard.press('Escape');

    await goTo(page, 'Audit log');
    await page.getByText(`${drawing}${link}`).waitFor();
    await expectInert(page);
  },
  longMs,
);

test(
  'an address that was made to do harm does none',
  async () => {
    const page = await stage.openAs('operator', { expected: /status of 40[04]/ });
    for (const address of [
      `/dead-letters?text=${encodeURIComponent(image)}&diner=${encodeURIComponent(script)}`,
      `/dead-letters?cursor=${encodeURIComponent(link)}`,
      `/orders/${encodeURIComponent(image)}`,
      `/audit?subject=${encodeURIComponent(drawing)}&by=${encodeURIComponent(script)}`,
      `/tasks?task=${encodeURIComponent(link)}`,
      `/${encodeURIComponent(image)}`,
    ]) {
      await page.goto(address);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.getByRole('main').getByRole('status').first().waitFor({ state: 'detached' });
      await expectInert(page);
    }
  },
  longMs,
);

test(
  'the browser itself refuses what the page never meant to run or to ask',
  async () => {
    const { urls } = stage.shop.stack;
    const page = await stage.openAs('viewer', { expected: /Content Security Policy|another origin/ });
    const refused: string[] = [];
    page.on('requestfailed', (request) =>
      refused.push(`${new URL(request.url()).origin} ${request.failure()?.errorText}`),
    );
    await page.goto('/');
    await heading(page, 'Now').waitFor();
    await page.evaluate(`
      document.body.append(Object.assign(document.createElement('script'), { textContent: 'hacked = 5' }));
      document.body.insertAdjacentHTML('beforeend', '<img src="data:," onerror="hacked = 6">');
      document.body.append(Object.assign(document.createElement('script'), { src: '${urls.primary}/evil.js' }));
    `);
    // A server that is there: without the policy this would reach it.
    const asked = `fetch('${urls.primary}/', { mode: 'no-cors' }).then(() => 'sent', () => 'refused')`;
    expect(await page.evaluate(asked)).toBe('refused');
    expect(await page.evaluate('typeof hacked')).toBe('undefined');
    expect(refused.filter((each) => each.startsWith(urls.primary))).toContain(`${urls.primary} csp`);
  },
  longMs,
);

test(
  'an order that cannot be read is named in the list, and hides no other',
  async () => {
    const [good, broken] = [await stage.dead.add(), await stage.dead.add()];
    await stage.dead.redis.hset(stage.dead.names.order(broken), 'acceptedAt', 'NaN');
    const page = await stage.openAs('viewer');
    await page.goto('/dead-letters');
    await page.getByText('1 order cannot be read').waitFor();
    await page.getByText(broken).waitFor();
    await page.getByRole('link', { name: good }).waitFor();
    expect(await page.getByRole('link', { name: broken }).count()).toBe(0);
  },
  longMs,
);
