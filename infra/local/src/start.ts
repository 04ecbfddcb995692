import path from 'node:path';
import { printableLines, readSettings, StartError } from '@proofbox/runtime';
import { buildConsole } from './build/build-console.ts';
import { environment } from './environment.ts';
import type { Stack } from './stack/stack.ts';
import { orderCommand, overviewRows, renderOverview, signInHint, verifyCommand } from './start/overview.ts';
import { portProblems } from './start/port-check.ts';
import { makePrivate } from './start/private-folder.ts';
import { problemLines } from './start/problems.ts';
import { openProofbox, superviseProofbox } from './start/run-proofbox.ts';
import { settingsForApps, startSettings } from './start/settings.ts';
import { claimDataFolder } from './start/single-run.ts';
import { firstStopSignal } from './process/stop-signals.ts';

/** `npm start`: the whole of Proofbox with stand-in factories on this machine, until Ctrl-C. */
async function run(signal: AbortSignal): Promise<void> {
  const settings = readSettings(startSettings, environment());
  claimDataFolder(settings.DATA_DIR);
  makePrivate(settings.DATA_DIR);
  const problems = await portProblems(settings);
  if (problems.length > 0) throw new AggregateError(problems.map((problem) => new StartError(problem)));

  say('starting Redis, the stand-in factories, ingest, worker and admin');
  await using stack = await openProofbox({ settings, environment: environment(), say, signal });
  // Last, and on its own: it takes all of a small machine, and the admin server serves it as soon as it is there.
  await buildOwnConsole(signal);
  signal.throwIfAborted();
  await present(stack, settings.DATA_DIR);
  await superviseProofbox(stack, { signal, say });
  say('stopping ingest, worker, admin, factories and Redis, in this order (Ctrl-C again: at once)');
}

/** Proofbox runs without its console, too: the admin server then says in its place how to build it. */
async function buildOwnConsole(signal: AbortSignal): Promise<void> {
  if (settingsForApps(environment())['CONSOLE_DIR'] !== undefined) return;
  await buildConsole({ say, signal }).catch((error: Error) => signal.aborted || say(error.message));
}

async function present(stack: Stack, dataDir: string): Promise<void> {
  const token = await stack.tokenFor({ id: 1, name: 'Demo Diner', email: 'diner@example.com' });
  const rows = overviewRows(stack, settingsForApps(environment()));
  process.stdout.write(`
${renderOverview(rows, process.stdout.isTTY)}

${signInHint(stack)}
Order a pizza:
  ${orderCommand(stack.urls.ingest, token)}
Verify the jwt of the reply:
  ${verifyCommand(stack.urls.ingest)}

Proofbox is ready. Logs and orders are kept in ${path.relative('', dataDir)}/. Ctrl-C stops everything.
`);
}

function say(line: string): void {
  process.stderr.write(`proofbox: ${printableLines(line)}\n`);
}

if (process.argv.length > 2) {
  say(
    'npm start takes no arguments; its ports and everything else are settings, which docs/reference/settings.md lists',
  );
  process.exit(process.argv.includes('--help') ? 0 : 2);
}
// Redis, logs, outbox and keys are made by programs that would let everybody read them.
process.umask(0o077);
const stopping = new AbortController();
void firstStopSignal(() => process.exit(1)).then(() => stopping.abort());
try {
  await run(stopping.signal);
} catch (error) {
  // What is given up because of Ctrl-C is no problem to report.
  if (!stopping.signal.aborted) {
    for (const line of problemLines(error)) process.stderr.write(`${printableLines(line)}\n`);
    process.exitCode = 1;
  }
}
process.exit();
