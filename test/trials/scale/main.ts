import { runTrial, type Run } from '../run-trial.ts';
import { missedIn } from './missed.ts';
import { schema, usage, type Options } from './options.ts';
import { runScale } from './run-scale.ts';
import { tablesOf } from './tables.ts';

/** `npm run scale`: how long searches take among very many orders. @returns the exit code */
async function scale({ json, help: _help, ...options }: Options, { say }: Run): Promise<number> {
  const result = await runScale({ ...options, say });
  const missed = missedIn(result);
  process.stdout.write(json ? `${JSON.stringify({ ...result, missed })}\n` : `${tablesOf(result)}\n`);
  for (const each of missed) say(`Missed: ${each}.`);
  return missed.length === 0 ? 0 : 1;
}

process.exit(await runTrial({ name: 'scale', usage, schema, run: scale }));
