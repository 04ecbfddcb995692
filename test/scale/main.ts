import Table from 'cli-table3';
import { UsageError } from '../support/command-line.ts';
import { readOptions, usage } from './options.ts';
import { runScale, type ScaleResult } from './run-scale.ts';

/** A page takes no longer than this in 99 of 100 cases, and a call keeps Redis no longer busy than that. In ms. */
const mostPageMs = 50;
const mostCallMs = 5;

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n${usage}\n`);
  process.exitCode = 2;
}

async function main(): Promise<number> {
  const { json, help, ...options } = readOptions(process.argv.slice(2));
  if (help) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const result = await runScale({ ...options, say });
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : `${searchTable(result)}\n`);
  const slow = result.searches.filter(
    ({ page, redisCall }) => page.p99 > mostPageMs || redisCall.p99 > mostCallMs,
  );
  for (const { name } of slow) {
    say(
      `Too slow: ${name}. At most ${mostPageMs} ms for a page and ${mostCallMs} ms for a call are wanted, p99.`,
    );
  }
  return slow.length === 0 ? 0 : 1;
}

function searchTable({ searches, ping, bytesPerOrder }: ScaleResult): string {
  const table = new Table({
    head: [
      'search',
      'page p50',
      'p99',
      'max',
      'Redis call p50',
      'p99',
      'max',
      'cpu a call',
      'a page',
      'found',
      'examined',
      'partial',
    ],
    style: { head: [], border: [] },
  });
  for (const { name, page, redisCall, cpuPerCall, cpuPerPage, found, examined, partial } of searches) {
    const times = [
      page.p50,
      page.p99,
      page.max,
      redisCall.p50,
      redisCall.p99,
      redisCall.max,
      cpuPerCall,
      cpuPerPage,
    ];
    table.push([name, ...times.map((ms) => ms.toFixed(2)), found.toFixed(0), examined.toFixed(0), partial]);
  }
  const { p50, p99 } = ping;
  return `${table.toString()}\nTimes in ms. A PING takes ${p50.toFixed(2)}, p99 ${p99.toFixed(2)}. A dead letter takes ${bytesPerOrder.toFixed(0)} bytes.`;
}
