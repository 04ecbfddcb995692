import type { AdminRole, StackOptions } from '@proofbox/local';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest';
import { openBrowser, openTab, type Tab, type TabOptions } from './browser.ts';
import { openDeadLetters, type DeadLetters } from './dead-letters.ts';
import { openShop, type Shop } from './shop.ts';

/** A shop and a browser for the tests of a file. Each test opens pages of its own, which are closed after it. */
export type ConsoleStage = {
  readonly shop: Shop;
  readonly dead: DeadLetters;
  /** A page, at nothing yet. What the console may not do on it fails the test, unless `expected` matches it. */
  open(options?: Partial<TabOptions> & { expected?: RegExp }): Promise<Page>;
  /** The same, signed in. */
  openAs(role: AdminRole, options?: Parameters<ConsoleStage['open']>[0]): Promise<Page>;
};

export type StageOptions = Omit<StackOptions, 'redisUrl'> & {
  /** Opens one for this file only; otherwise it is the run's. */
  redisUrl?: () => Promise<string>;
};

/** Bounds against hanging: real processes and a browser, on a machine that has other things to do. */
export const longMs = 180_000;

/** Call it once, at the top of a file of tests. */
export function setConsoleStage(options: StageOptions = {}): ConsoleStage {
  const { redisUrl: openRedis = async () => inject('redisUrl'), ...stackOptions } = options;
  const keyTag = `test-browser-${crypto.randomUUID()}`;
  let shop: Shop;
  let dead: DeadLetters;
  let browser: Browser;
  let tabs: { tab: Tab; expected: RegExp | undefined }[] = [];

  beforeAll(async () => {
    browser = await openBrowser();
    const redisUrl = await openRedis();
    shop = await openShop({ keyTag, redisUrl, ...stackOptions });
    dead = openDeadLetters({ redisUrl, keyTag });
  }, longMs);
  afterAll(async () => {
    await browser?.close();
    await dead?.[Symbol.asyncDispose]();
    await shop?.[Symbol.asyncDispose]();
  }, longMs);
  afterEach(async () => {
    const troubles = tabs.flatMap(({ tab, expected }) =>
      tab.troubles.filter((trouble) => !expected?.test(trouble)),
    );
    await Promise.all(tabs.map(({ tab }) => tab[Symbol.asyncDispose]()));
    tabs = [];
    expect(troubles).toEqual([]);
  });

  async function open({ expected, ...more }: Parameters<ConsoleStage['open']>[0] = {}): Promise<Page> {
    const tab = await openTab(browser, { url: shop.stack.urls.admin, ...more });
    tabs.push({ tab, expected });
    return tab.page;
  }
  return {
    get shop() {
      return shop;
    },
    get dead() {
      return dead;
    },
    open,
    openAs: (role, more) => open({ ...more, token: shop.stack.adminTokens[role] }),
  };
}
