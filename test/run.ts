import { execFileSync, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildConsole, ensureBrowser } from '@proofbox/local';
import { readSelection } from './selection.ts';

/**
 * `npm test`: every static check, what the console's tests need, then every test, all the way through even when one fails. The last line counts
 * them together: `N passed, N failed`. With arguments (see `readSelection`) only some tests, and no checks.
 */
const checks = ['check:format', 'check:lint', 'check:types', 'check:boundaries', 'check:unused'];
const root = fileURLToPath(new URL('..', import.meta.url));
const resultsFile = fileURLToPath(new URL('../.data/test-results.json', import.meta.url));

type Count = { passed: number; failed: number };

async function runChecks(): Promise<Count> {
  const count = { passed: 0, failed: 0 };
  for (const check of checks) {
    process.stdout.write(`${check} ... `);
    const startedAt = performance.now();
    const { code, output } = await run(
      'turbo',
      ['run', `//#${check}`, '--output-logs=errors-only', '--ui=stream'],
      'capture',
    );
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    process.stdout.write(code === 0 ? `ok (${seconds} s)\n` : `FAILED\n${output}\n`);
    count[code === 0 ? 'passed' : 'failed'] += 1;
  }
  return count;
}

/** What the tests of the console need. Where nothing has changed, what was built before serves. */
async function prepareConsole(): Promise<Count> {
  const steps = {
    'build the console': () => buildConsole({ say: () => {} }),
    'find a browser': () => ensureBrowser({ say: (line) => process.stdout.write(`${line}\n`) }),
  };
  const count = { passed: 0, failed: 0 };
  for (const [name, step] of Object.entries(steps)) {
    process.stdout.write(`${name} ... `);
    const trouble = await step().then(
      () => undefined,
      (error: Error) => error.message,
    );
    process.stdout.write(trouble === undefined ? 'ok\n' : `FAILED\n${trouble}\n`);
    count[trouble === undefined ? 'passed' : 'failed'] += 1;
  }
  return count;
}

async function runTests(args: string[]): Promise<Count> {
  await rm(resultsFile, { force: true });
  const { code } = await run(
    'vitest',
    [
      'run',
      '--passWithNoTests',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${resultsFile}`,
      ...args,
    ],
    'show',
  );
  const results = JSON.parse(await readFile(resultsFile, 'utf8').catch(() => '{}')) as {
    numPassedTests?: number;
    numFailedTests?: number;
  };
  const failed = results.numFailedTests ?? 0;
  // A file that does not load, or an error outside a test, fails the run without failing a test.
  return { passed: results.numPassedTests ?? 0, failed: code === 0 ? failed : Math.max(1, failed) };
}

/** Paths from the root of the repository: what git would commit now, and since a commit what it has committed. */
function changedFiles(): string[] {
  const since = asked.find((each) => each.startsWith('--changed='))?.slice('--changed='.length) ?? 'HEAD';
  const git = (...args: string[]): string[] =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8' }).split('\n');
  return [...git('diff', '--name-only', since), ...git('ls-files', '--others', '--exclude-standard')];
}

/** Folders of tests of whole processes, in test/. */
function foldersOfWhole(): string[] {
  const foldersIn = (folder: string): string[] =>
    readdirSync(path.join(import.meta.dirname, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => path.join(folder, name));
  const others = ['node_modules', 'docs', 'source', 'support', 'trials'];
  return [...foldersIn('.').filter((name) => !others.includes(name)), ...foldersIn('trials')];
}

function run(
  command: string,
  args: string[],
  output: 'show' | 'capture',
): Promise<{ code: number; output: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ code: number; output: string }>();
  const child = spawn(command, args, {
    cwd: root,
    stdio: output === 'show' ? 'inherit' : ['ignore', 'pipe', 'pipe'],
  });
  const chunks: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.on('error', reject);
  child.on('close', (code) => resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString() }));
  return promise;
}

const asked = process.argv.slice(2);
const { isWhole, isWatch, hasBrowser, args } = readSelection(asked, {
  folders: foldersOfWhole(),
  changedFiles,
});
const none: Count = { passed: 0, failed: 0 };
const checked = isWhole ? await runChecks() : none;
const prepared = hasBrowser ? await prepareConsole() : none;
if (isWatch) {
  const { code } = await run('vitest', ['watch', ...args], 'show');
  process.exit(code);
}
const tested = await runTests(args);
const failed = checked.failed + prepared.failed + tested.failed;
process.stdout.write(`${checked.passed + prepared.passed + tested.passed} passed, ${failed} failed\n`);
// That a change touches no test is no failure; that nothing was found which was asked for by its name is one.
const isEmpty = tested.passed === 0 && !args.some((each) => each.startsWith('--changed'));
process.exitCode = failed === 0 && !isEmpty ? 0 : 1;
