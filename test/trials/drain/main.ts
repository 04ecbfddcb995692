import { runTrial, type Run } from '../run-trial.ts';
import { schema, usage, type Options } from './options.ts';
import { runDrain } from './run-drain.ts';

/** Of what the factory bears, so much has to be used, and at most so much of it refused. */
const leastRatio = 0.9;
const mostThrottled = 0.02;

/** `npm run drain`: how fast a backlog is baked when the factory is back. @returns the exit code */
async function drain({ backlog, rps, json }: Options, { signal, say }: Run): Promise<number> {
  const stack = { env: { all: { LOG_LEVEL: 'warn' } } };
  const result = await runDrain({ backlog, rps, stack, say, signal });
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

process.exit(await runTrial({ name: 'drain', usage, schema, run: drain }));
