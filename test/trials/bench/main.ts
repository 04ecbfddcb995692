import { runTrial, type Run } from '../run-trial.ts';
import { hardware } from './hardware.ts';
import { schema, usage, type Options } from './options.ts';
import { toJson } from './result.ts';
import { runBench } from './run-bench.ts';
import { tablesOf } from './tables.ts';

/** `npm run bench`: how fast Proofbox is, beside a plain BullMQ in the same run. @returns the exit code */
async function bench(
  { only, rounds, orders, seconds, json }: Options,
  { signal, say }: Run,
): Promise<number> {
  say(`Measured on ${hardware()}.`);
  const result = await runBench({ only, rounds, orders, seconds, signal, say });
  process.stdout.write(`${json ? JSON.stringify(toJson(result)) : tablesOf(result)}\n`);
  return 0;
}

process.exit(await runTrial({ name: 'bench', usage, schema, run: bench }));
