import { runTrial, type Run } from '../run-trial.ts';
import { schema, usage, type Options } from './options.ts';
import { runOutboxCost, type Spread } from './run-outbox-cost.ts';

/** `npm run outbox-cost`: what second copies cost an ingest. @returns the exit code */
async function outboxCost({ help: _help, json, ...options }: Options, { say }: Run): Promise<number> {
  const cost = await runOutboxCost({ ...options, say });
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

process.exit(await runTrial({ name: 'outbox-cost', usage, schema, run: outboxCost }));
