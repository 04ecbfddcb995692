import Table from 'cli-table3';
import type { Environment } from '../environment.ts';
import type { Stack } from '../stack/stack.ts';

export type OverviewRow = { what: string; url: string; purpose: string };

/** What runs where. A factory that the settings name takes the place of its stand-in. */
export function overviewRows(stack: Stack, forApps: Environment): OverviewRow[] {
  const { urls } = stack;
  const { FACTORY_PRIMARY_URL: primary, FACTORY_FALLBACK_URL: fallback } = forApps;
  return [
    { what: 'Ingest API', url: urls.ingest, purpose: 'takes orders: POST /api/order' },
    { what: 'Console', url: urls.admin, purpose: 'for admins: find and replay orders; its API is at /api' },
    { what: 'Worker', url: urls.worker, purpose: 'bakes the orders; /readyz and /metrics' },
    ...factoryRows('primary', {
      url: primary,
      standIn: primary === undefined ? urls.primary : undefined,
      control: urls.primaryControl,
    }),
    ...factoryRows('fallback', {
      url: fallback,
      standIn: fallback === undefined && primary === undefined ? urls.fallback : undefined,
      control: urls.fallbackControl,
    }),
    { what: 'Redis', url: withoutPassword(urls.redis), purpose: 'the ledger of all orders' },
  ];
}

function factoryRows(
  role: 'primary' | 'fallback',
  at: { url: string | undefined; standIn: string | undefined; control: string },
): OverviewRow[] {
  const what = `${role === 'primary' ? 'Primary' : 'Fallback'} factory`;
  if (at.standIn !== undefined) {
    return [
      { what, url: at.standIn, purpose: 'a stand-in' },
      { what: '  its control', url: at.control, purpose: 'makes it misbehave: PUT /fault' },
    ];
  }
  const variable = `FACTORY_${role.toUpperCase()}_URL`;
  return [
    at.url === undefined
      ? { what, url: '-', purpose: `none: set ${variable} to have one` }
      : { what, url: at.url, purpose: `as ${variable} says` },
  ];
}

function withoutPassword(url: string): string {
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  return shown.href.replace(/\/$/, '');
}

/** The URLs as a table with lines at a terminal, and in plain aligned columns elsewhere. */
export function renderOverview(rows: OverviewRow[], isTerminal: boolean): string {
  const cells = rows.map((row) => [row.what, row.url, row.purpose]);
  const head = ['What', 'URL', 'What it is for'];
  if (isTerminal) {
    const table = new Table({ head });
    table.push(...cells);
    return table.toString();
  }
  const widths = [0, 1].map((column) => Math.max(...[head, ...cells].map((row) => row[column]!.length)));
  return [head, ...cells]
    .map(([what, url, purpose]) => `${what!.padEnd(widths[0]!)}  ${url!.padEnd(widths[1]!)}  ${purpose}`)
    .join('\n');
}

/** One line for a shell that places an order of one pizza. */
export function orderCommand(ingestUrl: string, token: string): string {
  const order = {
    franchiseId: 1,
    storeId: '1',
    items: [{ menuId: 1, description: 'Veggie', price: 0.0038 }],
  };
  return `curl -s -X POST ${ingestUrl}/api/order -H 'Content-Type: application/json' -H 'Authorization: Bearer ${token}' -d '${JSON.stringify(order)}'`;
}

/** One line for a shell that verifies what stood in `jwt` of the reply. */
export function verifyCommand(ingestUrl: string): string {
  return `curl -s -X POST ${ingestUrl}/api/order/verify -H 'Content-Type: application/json' -d '{"jwt":"<jwt of the reply>"}'`;
}

/** How to sign in to the console with the token that is kept; nothing where there is none. */
export function signInHint({ urls, adminTokens }: Pick<Stack, 'urls' | 'adminTokens'>): string {
  if (adminTokens.admin === undefined) return '';
  return `Sign in to the console at ${urls.admin} with this token (it is kept, and no one else should see it):
  ${adminTokens.admin}
`;
}
