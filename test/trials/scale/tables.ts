import Table from 'cli-table3';
import type { ScaleResult } from './run-scale.ts';
import type { Spread } from './spread.ts';

/** The result for people. Times in ms. */
export function tablesOf(result: ScaleResult): string {
  const { ping, bytesPerOrder, orders } = result;
  return [
    searchTable(result),
    pageTable(result),
    othersTable(result),
    `Times in ms, with ${orders} dead letters of ${bytesPerOrder.toFixed(0)} bytes each. ` +
      `A PING takes ${ping.p50.toFixed(2)}, p99 ${ping.p99.toFixed(2)}, max ${ping.max.toFixed(2)}.`,
  ].join('\n');
}

function searchTable({ searches }: ScaleResult): string {
  const head =
    'search in Redis,page p50,p99,max,Redis call p50,p99,max,cpu a call,a page,found,examined,partial';
  const table = tableOf(head.split(','));
  for (const { name, page, redisCall, cpuPerCall, cpuPerPage, found, examined, partial } of searches) {
    const cpu = [cpuPerCall.toFixed(2), cpuPerPage.toFixed(2)];
    const counts = [found.toFixed(0), examined.toFixed(0), partial];
    table.push([name, ...shown(page), ...shown(redisCall), ...cpu, ...counts]);
  }
  return table.toString();
}

function pageTable({ pages, details, reading }: ScaleResult): string {
  const table = tableOf(['at the API', 'p50', 'p99', 'max', 'found']);
  for (const { name, page, found } of pages) table.push([name, ...shown(page), found.toFixed(0)]);
  table.push(['an order', ...shown(details), '']);
  table.push(['all pages, during an export of the audit log', ...shown(reading.page), '']);
  return table.toString();
}

function othersTable({ bulks, shop, memory, reading }: ScaleResult): string {
  const table = tableOf(['measured', 'value', 'spread']);
  table.push(
    ...bulks.map(({ mean, lowest, highest }) => [
      'bulk replay a second',
      mean.toFixed(0),
      `${lowest.toFixed(0)} to ${highest.toFixed(0)}`,
    ]),
    ['orders accepted, ms', ...spreadCells(shop.alone)],
    ['orders accepted while somebody searches, ms', ...spreadCells(shop.searched)],
    ['the latter, as a part of the former', shop.p50Ratio.toFixed(2), `p99 ${shop.p99Ratio.toFixed(2)}`],
    ['audit log exported, MB', (reading.exportedBytes / 1_048_576).toFixed(1), ''],
  );
  for (const [when, { first, last, max }] of Object.entries(memory)) {
    table.push([
      `memory of admin, ${when}, MB`,
      `max ${max.toFixed(0)}`,
      `${first.toFixed(0)} to ${last.toFixed(0)}`,
    ]);
  }
  return table.toString();
}

function shown({ p50, p99, max }: Spread): string[] {
  return [p50, p99, max].map((ms) => ms.toFixed(2));
}

function spreadCells({ p50, p99, max }: Spread): [string, string] {
  return [`p50 ${p50.toFixed(1)}`, `p99 ${p99.toFixed(1)}, max ${max.toFixed(1)}`];
}

function tableOf(head: string[]) {
  return new Table({ head, style: { head: [], border: [] } });
}
