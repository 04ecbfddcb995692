import { runCommand, type Run } from '../support/run-command.ts';
import { readOptions, rowsWith, usage, type Options } from './options.ts';
import { isBad, runRow, type RowResult } from './run-row.ts';
import { tableOf } from './table.ts';

const canaryIntervalMs = 10_000;

/** `npm run policies`: what diners get of the real policies in simulated time. @returns the exit code */
async function policies({ only, canaries, seed, json }: Options, { signal, say }: Run): Promise<number> {
  const results: RowResult[] = [];
  const chosen = rowsWith(only);
  for (const [i, row] of chosen.entries()) {
    signal.throwIfAborted();
    const startedAt = performance.now();
    results.push(await runRow(row, { seed, canaryIntervalMs: canaries ? canaryIntervalMs : 0 }));
    say(`${i + 1} of ${chosen.length}  ${row.name}  ${(performance.now() - startedAt).toFixed(0)} ms`);
  }
  process.stdout.write(`${tableOf(results)}\n`);
  if (json) process.stdout.write(`${JSON.stringify(results)}\n`);
  const bad = results.filter(isBad);
  for (const { row } of bad) say(`Not as promised: ${row.name}`);
  return bad.length === 0 ? 0 : 1;
}

process.exit(await runCommand({ name: 'policies', usage, readOptions, run: policies }));
