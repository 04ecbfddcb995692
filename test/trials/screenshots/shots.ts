import type { Page } from 'playwright-core';
import { heading } from '../../support/console-page.ts';

type Shot = {
  name: string;
  show: (page: Page) => Promise<void>;
  isSignedOut?: boolean;
  /** Also what is below the window. */
  isWhole?: boolean;
};

/** What is on the pictures. `id` is an order with a story. */
export function shotsOf({ id }: { id: string }): Shot[] {
  return [
    { name: 'sign-in', isSignedOut: true, show: (page) => at(page, '/', 'Proofbox') },
    {
      name: 'now',
      isWhole: true,
      async show(page) {
        await at(page, '/', 'Now');
        await page.getByText('Live', { exact: true }).waitFor({ state: 'attached' });
        await page.locator('.recharts-surface').first().waitFor();
      },
    },
    {
      name: 'dead-letters',
      async show(page) {
        await at(page, '/dead-letters', 'Dead letters');
        await page
          .getByRole('checkbox', { name: /^Choose order/ })
          .first()
          .waitFor();
      },
    },
    {
      name: 'bulk',
      async show(page) {
        await at(page, '/dead-letters?reason=exhausted', 'Dead letters');
        await page.getByRole('checkbox', { name: 'Choose all orders on this page' }).check();
        const chosen = page.getByRole('region', { name: 'What is chosen' });
        await chosen.getByRole('button', { name: 'Replay …' }).click();
        await page.getByRole('dialog').getByLabel('Why?').fill('the menu is mended, ticket 4711');
      },
    },
    { name: 'order', isWhole: true, show: (page) => at(page, `/orders/${id}`, 'Order') },
    {
      name: 'tasks',
      async show(page) {
        await at(page, '/tasks', 'Bulk tasks');
        await page.getByRole('article').first().waitFor();
      },
    },
    {
      name: 'factories',
      async show(page) {
        await at(page, '/factories', 'Factories');
        await page.getByRole('article', { name: 'Primary factory' }).waitFor();
      },
    },
    {
      name: 'audit',
      async show(page) {
        await at(page, '/audit', 'Audit log');
        await page.getByText('the menu had a wrong price').first().waitFor();
      },
    },
  ];
}

async function at(page: Page, address: string, title: string): Promise<void> {
  await page.goto(address);
  await heading(page, title).waitFor();
}
