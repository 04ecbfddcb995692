import { UsageError } from '../support/command-line.ts';
import { readOptions, usage } from './options.ts';
import { runOutboxCost, type Spread } from './run-outbox-cost.ts';

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n${usage}\n`);
  process.exitCode = 2;
}

async function main(): Promise<number> {
  const { help, json, ...options } = readOptions(process.argv.slice(2));
  if (help) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const cost = await runOutboxCost({ ...options, say: (line) => void process.stderr.write(`${line}\n`) });
  const { rate, cpu, slowest, without } = cost;
  const report = [
    `With second copies, as a part of without it; the middle of ${cost.rounds} rounds, and the quarters around it:`,
    `  orders a second    ${formatSpread(rate)}   without: ${without.rate.toFixed(0)}`,
    `  CPU of ingest      ${formatSpread(cpu)}   without: ${without.cpuMsPerOrder.toFixed(2)} ms an order`,
    `  slowest of 100     ${formatSpread(slowest)}   without: ${without.slowestMs.toFixed(1)} ms`,
  ].join('\n');
  process.stdout.write(`${json ? JSON.stringify(cost) : report}\n`);
  return 0;
}

function formatSpread({ median, lowerQuarter, upperQuarter }: Spread): string {
  return `${median.toFixed(2)} (${lowerQuarter.toFixed(2)} to ${upperQuarter.toFixed(2)})`;
}
