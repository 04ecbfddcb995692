import { UsageError } from '../support/command-line.ts';
import { readOptions, usage } from './options.ts';
import { runDrain } from './run-drain.ts';

/** Of what the factory bears, so much has to be used, and at most so much of it refused. */
const leastRatio = 0.9;
const mostThrottled = 0.02;

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n${usage}\n`);
  process.exitCode = 2;
}

async function main(): Promise<number> {
  const { backlog, rps, json, help } = readOptions(process.argv.slice(2));
  if (help) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const result = await runDrain({ backlog, rps, stack: { env: { all: { LOG_LEVEL: 'warn' } } }, say });
  const told =
    `Drained ${result.backlog} orders at ${result.rate.toFixed(0)} a second, ${percent(result.ratio)} of what the factory bears; ` +
    `${percent(result.throttledShare)} of the calls were answered with 429.`;
  process.stdout.write(`${json ? JSON.stringify(result) : told}\n`);
  const isGood = result.ratio >= leastRatio && result.throttledShare < mostThrottled;
  if (!isGood)
    say(
      `Failed: at least ${percent(leastRatio)} and less than ${percent(mostThrottled)} are wanted. A busy machine does that, too.`,
    );
  return isGood ? 0 : 1;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
