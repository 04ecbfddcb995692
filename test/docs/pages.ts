import { format, type FormatConfig } from 'oxfmt';
import { guaranteesPage } from './guarantees/guarantees-page.ts';
import { apiPage } from './reference/api-page.ts';
import { cliPage } from './reference/cli-page.ts';
import { errorsPage } from './reference/errors-page.ts';
import { metricsPage } from './reference/metrics-page.ts';
import type { OpenApi } from './reference/openapi.ts';
import { redisKeysPage } from './reference/redis-keys-page.ts';
import { settingsPage } from './reference/settings-page.ts';
import { textOf } from './repository.ts';
import { askApps } from './running-apps.ts';

const written = '<!-- Written by `npm run docs`. Change what it is written from, and run it again. -->';

/** Every page that is written from the code, by its path in the repository, as `npm run docs` leaves it. */
export async function writtenPages(redisUrl: string): Promise<Map<string, string>> {
  const { ignorePatterns: _, ...style } = JSON.parse(textOf('.oxfmtrc.json')) as FormatConfig & {
    ignorePatterns: unknown;
  };
  const apps = await askApps(redisUrl);
  const openApiOf = (name: string) => apps.find((app) => app.name === name)!.openApi as OpenApi;
  const [orderApi, adminApi] = [openApiOf('ingest'), openApiOf('admin')];
  const pages = {
    'docs/guarantees.md': guaranteesPage(),
    'docs/reference/settings.md': await settingsPage(),
    'docs/reference/metrics.md': metricsPage(apps),
    'docs/reference/redis-keys.md': redisKeysPage(),
    'docs/reference/cli.md': await cliPage(),
    'docs/reference/order-api.md': apiPage('Order API', orderApi),
    'docs/reference/admin-api.md': apiPage('Admin API', adminApi),
    'docs/reference/errors.md': errorsPage({ 'Order API': orderApi, 'Admin API': adminApi }),
  };
  const entries = Object.entries(pages).map(async ([file, text]) => {
    const { code } = await format(file, `${written}\n\n${text}\n`, style);
    return [file, code] as const;
  });
  return new Map(await Promise.all(entries));
}
