import type { Locator, Page } from 'playwright-core';

/** What a person does on the console, by what they see: roles and names, never classes. */

export async function signIn(page: Page, token: string): Promise<void> {
  await page.getByLabel('Token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation', { name: 'Pages' }).waitFor({ state: 'attached' });
}

/** Follows a link of the navigation. */
export async function goTo(page: Page, label: string, title = label): Promise<void> {
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: label }).click();
  await heading(page, title).waitFor();
}

/** The title of a page. */
export function heading(page: Page, title: string): Locator {
  return page.getByRole('heading', { level: 1, name: title, exact: true });
}

/** Says why in the dialog that is open, and confirms. */
export async function sayWhy(page: Page, why: string, confirm: string | RegExp): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Why?').fill(why);
  await dialog.getByRole('button', { name: confirm }).click();
}

/** Chooses values in one of the filters with checkboxes, and closes it. */
export async function choose(page: Page, filter: string, ...values: string[]): Promise<void> {
  await page.getByRole('button', { name: new RegExp(`^${filter}:`) }).click();
  for (const value of values) await page.getByRole('checkbox', { name: value, exact: true }).check();
  await page.keyboard.press('Escape');
}

/** The rows of the list of orders. */
export function orderRows(page: Page): Locator {
  return page.getByRole('table', { name: 'Orders' }).locator('tbody').getByRole('row');
}

/** A card with a name: a factory, the delivery, a bulk task. */
export function card(page: Page | Locator, name: string | RegExp): Locator {
  return page.getByRole('article', { name });
}
