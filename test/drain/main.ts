import { parseArgs } from 'node:util';
import { runDrain } from './run-drain.ts';

const { values } = parseArgs({
  options: {
    backlog: { type: 'string', default: '10000' },
    rps: { type: 'string', default: '200' },
    json: { type: 'boolean', default: false },
  },
});

const result = await runDrain({
  backlog: wholeNumber('backlog', values.backlog),
  rps: wholeNumber('rps', values.rps),
  stack: { env: { all: { LOG_LEVEL: 'warn' } } },
  say: (line) => process.stderr.write(`${line}\n`),
});
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
process.stdout.write(
  values.json
    ? `${JSON.stringify(result)}\n`
    : `Drained ${result.backlog} orders at ${result.rate.toFixed(0)} a second, ${percent(result.ratio)} of what the factory bears; ` +
        `${percent(result.throttledShare)} of the calls were answered with 429.\n`,
);
process.exitCode = result.ratio >= 0.9 && result.throttledShare < 0.02 ? 0 : 1;

function wholeNumber(name: string, text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  process.stderr.write(`--${name} is not valid: expected a whole number from 1 to 9999999\n`);
  process.exit(2);
}
