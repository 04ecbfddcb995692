import { writeFile } from 'node:fs/promises';
import { runTrial, type Run } from '../run-trial.ts';
import { schema, rowsWith, usage, type Options } from './options.ts';
import { pageOf, tablesOf } from './page.ts';
import { isBad, runRow, type RowResult } from './run-row.ts';

const canaryIntervalMs = 10_000;
const page = new URL('../../../docs/policies.md', import.meta.url);

/** `npm run policies`: what diners get of the real policies in simulated time. @returns the exit code */
async function policies(options: Options, { signal, say }: Run): Promise<number> {
  const { only, canaries, seed, json, write } = options;
  const results: RowResult[] = [];
  const chosen = rowsWith(only);
  for (const [i, row] of chosen.entries()) {
    signal.throwIfAborted();
    say(`${i + 1} of ${chosen.length}  ${row.name}`);
    results.push(await runRow(row, { seed, canaryIntervalMs: canaries ? canaryIntervalMs : 0 }));
  }
  if (write) await writeFile(page, pageOf(results, seed));
  process.stdout.write(json ? `${JSON.stringify(results.map(toJson))}\n` : tablesOf(results));
  const bad = results.filter(isBad);
  for (const { row } of bad) say(`Not as promised: ${row.name}`);
  return bad.length === 0 ? 0 : 1;
}

/** Infinity, which JSON does not know, becomes null: never. */
function toJson({ row, ...measured }: RowResult): object {
  return { row: row.name, ...measured };
}

process.exit(await runTrial({ name: 'policies', usage, schema, run: policies }));
