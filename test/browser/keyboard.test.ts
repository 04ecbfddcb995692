import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { heading } from '../support/console-page.ts';
import { longMs, setConsoleStage } from '../support/console-stage.ts';

const stage = setConsoleStage();

/** What has the focus is called. */
function focused(page: Page): Promise<string> {
  return page.evaluate(`(() => {
    const at = document.activeElement;
    return at?.getAttribute('aria-label') ?? at?.labels?.[0]?.innerText ?? at?.innerText ?? '';
  })()`);
}

/** Presses Tab until something of that name has the focus. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const passed: string[] = [];
  for (let presses = 0; presses < 60; presses += 1) {
    const at = (await focused(page)).trim();
    if (typeof name === 'string' ? at === name : name.test(at)) return;
    passed.push(at);
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never came to ${String(name)}, only to ${passed.join(' | ')}`);
}

test(
  'an order is opened and replayed without a mouse, from signing in to its being fulfilled',
  async () => {
    const id = await stage.dead.add({ reason: 'expired' });
    const page = await stage.open({ expected: /status of 401/ });
    await page.goto('/');
    await heading(page, 'Proofbox').waitFor();
    await tabTo(page, /^Token/);
    await page.keyboard.type(stage.shop.stack.adminTokens.operator!);
    await page.keyboard.press('Enter');

    await heading(page, 'Now').waitFor();
    await tabTo(page, /^Dead letters/);
    await page.keyboard.press('Enter');
    await heading(page, 'Dead letters').waitFor();
    // Who goes to a page is at its beginning, past the navigation.
    await page.getByRole('link', { name: id }).waitFor();
    await tabTo(page, id);
    await page.keyboard.press('Enter');

    await heading(page, 'Order').waitFor();
    await page.getByRole('button', { name: 'Replay …', exact: true }).waitFor();
    await tabTo(page, 'Replay …');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    // The focus is where one has to type, cannot leave the dialog, and is back where it was when that is given up.
    expect(await focused(page)).toMatch(/^Why/);
    for (let presses = 0; presses < 8; presses += 1) {
      await page.keyboard.press('Tab');
      expect(
        await page.evaluate(`document.querySelector('[role=dialog]').contains(document.activeElement)`),
      ).toBe(true);
    }
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await tabTo(page, 'Replay …');

    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await tabTo(page, /^Why/);
    await page.keyboard.type('it was only late');
    await tabTo(page, 'Replay');
    await page.keyboard.press('Enter');
    await page.getByText('Baked at the primary factory').waitFor();
    expect((await stage.dead.read(id)).state).toBe('fulfilled');
  },
  longMs,
);
