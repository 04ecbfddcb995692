import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { buildConsole, ensureBrowser } from '@proofbox/local';

/**
 * `npm test`: every static check, what the console's tests need, then every test, all the way through even when one fails. The last line counts
 * them together: `N passed, N failed`.
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

async function runTests(only: string[]): Promise<Count> {
  await rm(resultsFile, { force: true });
  const { code } = await run(
    'vitest',
    ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${resultsFile}`, ...only],
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

function run(
  command: string,
  args: string[],
  output: 'show' | 'capture',
): Promise<{ code: number; output: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ code: number; output: string }>();
  const child = spawn(command, args, {
    cwd: root,
    stdio: ['ignore', output === 'show' ? 'inherit' : 'pipe', output === 'show' ? 'inherit' : 'pipe'],
  });
  const chunks: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.on('error', reject);
  child.on('close', (code) => resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString() }));
  return promise;
}

const only = process.argv.slice(2);
const checked = only.length === 0 ? await runChecks() : { passed: 0, failed: 0 };
const prepared = await prepareConsole();
const tested = await runTests(only);
const failed = checked.failed + prepared.failed + tested.failed;
process.stdout.write(`${checked.passed + prepared.passed + tested.passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && tested.passed > 0 ? 0 : 1;
