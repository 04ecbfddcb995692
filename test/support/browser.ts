import { ensureBrowser } from '@proofbox/local';
import { chromium, type Browser, type Page } from 'playwright-core';

/** A window of its own: who is signed in here is signed in nowhere else. */
export type Tab = AsyncDisposable & {
  page: Page;
  /** What no page of the console may do, as it happened: errors, dialogs, requests to another origin. */
  troubles: readonly string[];
};

export type TabOptions = {
  /** Where the console is, such as `http://127.0.0.1:4001`. */
  url: string;
  /** Signs in with this token. */
  token?: string | undefined;
  colours?: 'light' | 'dark';
  width?: number;
  height?: number;
};

/** Far above what a page needs: the machine that runs the tests may be busy. */
const patienceMs = 30_000;

/** Asks nobody on the network for anything by itself. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function openBrowser(): Promise<Browser> {
  const executablePath = await ensureBrowser({ say: (line) => process.stderr.write(`${line}\n`) });
  return chromium.launch({ executablePath, args: flags, timeout: patienceMs });
}

/** Opens the console in a window of its own. */
export async function openTab(browser: Browser, options: TabOptions): Promise<Tab> {
  const { url, token, colours = 'light', width = 1_280, height = 900 } = options;
  const context = await browser.newContext({
    baseURL: url,
    colorScheme: colours,
    locale: 'en-GB',
    timezoneId: 'UTC',
    viewport: { width, height },
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(patienceMs);
  if (token !== undefined) {
    // As the page does it: the cookie that comes back is the browser's from then on.
    const reply = await context.request.post('/api/session', { data: { token } });
    if (!reply.ok()) throw new Error(`could not sign in: ${reply.status()} ${await reply.text()}`);
  }
  const page = await context.newPage();
  return { page, troubles: listen(page, new URL(url).origin), [Symbol.asyncDispose]: () => context.close() };
}

function listen(page: Page, origin: string): string[] {
  const troubles: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      troubles.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => troubles.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    troubles.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    const asked = request.url();
    if (!asked.startsWith('data:') && new URL(asked).origin !== origin)
      troubles.push(`another origin: ${asked}`);
  });
  return troubles;
}
