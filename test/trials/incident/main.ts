import { runTrial } from '../run-trial.ts';
import { renderClosing } from './closing.ts';
import { schema, usage, type Options } from './options.ts';
import { savePictures } from './picture-file.ts';
import { problemsOf, toJson } from './result.ts';
import { runIncident } from './run-incident.ts';
import { shortfallsOf } from './shortfalls.ts';

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** `npm run incident`: the incident Proofbox exists for, once more. @returns the exit code */
async function incident({ speed, rate, json, picture }: Options, signal: AbortSignal): Promise<number> {
  say(`That Thursday once more, ${speed} times as fast, in three shops side by side: the shop as it was, with Proofbox,
and with Proofbox and a fallback. Each gets ${rate} orders a second, and its factory fails at the same moments.`);
  const result = await runIncident({ speed, perSecond: rate, say, signal });
  const pictures = await savePictures(result, picture ? 'docs/images' : '.data/incident');
  const closing = json ? process.stderr : process.stdout;
  closing.write(`\n${renderClosing(result)}\n\nThe same as a picture is in ${pictures.join(' and ')}.\n`);
  const problems = problemsOf(result);
  [...shortfallsOf(result), ...problems].forEach(say);
  if (json) process.stdout.write(`${toJson(result)}\n`);
  return problems.length === 0 ? 0 : 1;
}

process.exit(
  await runTrial({
    name: 'incident',
    usage,
    schema,
    run: (options, { signal }) => incident(options, signal),
  }),
);
