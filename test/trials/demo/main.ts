import { constants } from 'node:os';
import { renderClosing } from './closing.ts';
import { createLiveView } from './live-view.ts';
import { readCommandLine, UsageError } from '../../support/command-line.ts';
import { schema, usage, type Options } from './options.ts';
import { createPlainView } from './plain-view.ts';
import { problemsOf, toJson } from './result.ts';
import { runDemo } from './run-demo.ts';
import type { View } from './view.ts';

/** `npm run demo`: what Proofbox is for, seen in half a minute. @returns the exit code */
async function demo({ rate, seconds, json }: Options, view: View, signal: AbortSignal): Promise<number> {
  view.say(`For ${seconds} s, ${rate} orders a second go to Proofbox, and as many to a synchronous client
that just calls the primary factory. Meanwhile both factories break and are mended.`);
  const result = await runDemo({ perSecond: rate, lengthMs: seconds * 1_000, view, signal });
  view.end();
  const problems = problemsOf(result);
  const closing = json ? process.stderr : process.stdout;
  closing.write(`\n${renderClosing(result)}\n`);
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  if (json) process.stdout.write(`${toJson(result)}\n`);
  return problems.length === 0 ? 0 : 1;
}

/** A terminal may say that it has no width at all, as one of a build server does. */
function chooseView(): View {
  const { stderr } = process;
  return stderr.isTTY && stderr.columns >= 60
    ? createLiveView(stderr)
    : createPlainView((text) => stderr.write(text));
}

function signalThatStops(view: View): AbortSignal {
  const stopping = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // One Ctrl-C may arrive twice, from the terminal and from npm.
    process.on(name, () => {
      if (!stopping.signal.aborted) view.say('Stopping everything.');
      stopping.abort(name);
    });
  }
  return stopping.signal;
}

async function main(): Promise<number> {
  let options: Options;
  try {
    options = readCommandLine(process.argv.slice(2), schema);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n\n${usage}\n`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const view = chooseView();
  const signal = signalThatStops(view);
  try {
    return await demo(options, view, signal);
  } catch (error) {
    view.end();
    if (signal.aborted) return 128 + constants.signals[signal.reason as NodeJS.Signals];
    process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

process.exit(await main());
