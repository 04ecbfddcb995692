import { UsageError } from '../support/command-line.ts';
import { missedIn } from './missed.ts';
import { readOptions, usage } from './options.ts';
import { runScale } from './run-scale.ts';
import { tablesOf } from './tables.ts';

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
  const missed = missedIn(result);
  process.stdout.write(json ? `${JSON.stringify({ ...result, missed })}\n` : `${tablesOf(result)}\n`);
  for (const each of missed) say(`Missed: ${each}.`);
  return missed.length === 0 ? 0 : 1;
}
