// Runs a TypeScript file of this repository: `node infra/local/run.mjs <script.ts> [args...]`.
// Stands before everything else, so it is plain JavaScript without dependencies and works on Node 20: it finds Node 26
// and pnpm 12 (fetched once through npm), installs the packages when they changed, and hands over.
// All it says goes to stderr: stdout belongs to the script.
import { spawn, spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isatty } from 'node:tty';
import { fileURLToPath } from 'node:url';

const nodeMajor = '26';
const pnpmMajor = '12';

const root = path.resolve(fileURLToPath(import.meta.url), '../../..');
const remembered = path.join(root, '.data/toolchain.json');
const lock = path.join(root, '.data/setup.lock');
const compileCache = path.join(root, '.data/compile-cache');
const stamp = path.join(root, 'node_modules/.proofbox-installed');
// oxlint-disable-next-line node/no-process-env -- runs before every package; hands its environment on to the script
const environment = process.env;

const [script, ...args] = process.argv.slice(2);
if (script === undefined) fail('usage: node infra/local/run.mjs <script.ts> [args...]');

const toolchain = isInstalled() ? rememberedToolchain() : undefined;
hand(toolchain ?? (await withLock(setUp)));

/** Slow, and only where something is missing: one process at a time does it. */
function setUp() {
  const found = rememberedToolchain() ?? toolchainOnPath() ?? fetchedToolchain();
  if (!isInstalled()) install(found);
  return found;
}

/** @returns {{ bin: string } | undefined} the folder with `node` and `pnpm` that was found last time, if it still serves */
function rememberedToolchain() {
  try {
    const { bin } = JSON.parse(fs.readFileSync(remembered, 'utf8'));
    return typeof bin === 'string' && isToolchain(bin) ? { bin } : undefined;
  } catch {
    return undefined;
  }
}

function isToolchain(bin) {
  return (
    fs.existsSync(path.join(bin, 'pnpm')) && versionOf(path.join(bin, 'node'), environment) === nodeMajor
  );
}

/** The major version a program says it has. */
function versionOf(program, env) {
  const { status, stdout } = spawnSync(program, ['--version'], { encoding: 'utf8', env, cwd: os.tmpdir() });
  return status === 0 ? /^v?(\d+)\./.exec(stdout)?.[1] : undefined;
}

function toolchainOnPath() {
  const bin = (environment.PATH ?? '').split(path.delimiter).find(
    (folder) =>
      path.isAbsolute(folder) &&
      isToolchain(folder) &&
      // A pnpm that is only corepack's stand-in must not fetch another one.
      versionOf(path.join(folder, 'pnpm'), { ...withPath(folder), COREPACK_ENABLE_NETWORK: '0' }) ===
        pnpmMajor,
  );
  return bin === undefined ? undefined : remember(bin);
}

function fetchedToolchain() {
  say(
    `fetching Node ${nodeMajor} and pnpm ${pnpmMajor} with npm, once (this is Node ${process.versions.node}; takes about 15 s)`,
  );
  const packages = [`--package=node@${nodeMajor}`, `--package=pnpm@${pnpmMajor}`];
  const printPath = ['node', '-e', 'process.stdout.write(process.env.PATH)'];
  // `npm run -s` would silence the reason of a failure, too.
  const npm = spawnSync('npm', ['exec', '--yes', '--loglevel=error', ...packages, '--', ...printPath], {
    encoding: 'utf8',
    env: environment,
    cwd: root,
  });
  if (npm.error?.code === 'ENOENT') {
    fail(
      `npm is not on the PATH: install Node.js with npm, or put Node ${nodeMajor} and pnpm ${pnpmMajor} into one folder of the PATH.`,
    );
  }
  const bin = npm.status === 0 ? npm.stdout.split(path.delimiter).find(isToolchain) : undefined;
  if (bin === undefined) fail(`npm could not fetch Node ${nodeMajor} and pnpm ${pnpmMajor}:\n${npm.stderr}`);
  return remember(bin);
}

function remember(bin) {
  replaceFile(remembered, `${JSON.stringify({ bin })}\n`);
  return { bin };
}

/** The installed packages are the ones that are asked for. */
function isInstalled() {
  try {
    return fs.readFileSync(stamp, 'utf8') === wantedPackages();
  } catch {
    return false;
  }
}

function install(found) {
  say('installing the packages with pnpm, because they are missing or have changed');
  const wanted = wantedPackages();
  const pnpm = spawnSync(
    path.join(found.bin, 'pnpm'),
    ['install', '--frozen-lockfile', '--reporter=append-only'],
    {
      encoding: 'utf8',
      // CI: pnpm must not ask whether it may replace a node_modules folder.
      env: { ...withPath(found.bin), CI: 'true' },
      cwd: root,
    },
  );
  if (pnpm.status !== 0)
    fail(`pnpm install failed:\n${pnpm.stdout ?? ''}${pnpm.stderr ?? ''}${pnpm.error ?? ''}`);
  replaceFile(stamp, wanted);
}

/** A hash over all that says which packages belong here. */
function wantedPackages() {
  const files = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...packageFiles('.', 2)];
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(`${file}\n`)
      .update(fs.readFileSync(path.join(root, file)))
      .update('\n');
  return hash.digest('hex');
}

/** Every package.json down to `depth` folders below. */
function packageFiles(folder, depth) {
  const entries = fs.readdirSync(path.join(root, folder), { withFileTypes: true });
  return entries
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const name = path.posix.join(folder, entry.name);
      if (entry.isFile() && entry.name === 'package.json') return [name];
      const isOurs = entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.');
      return isOurs && depth > 0 ? packageFiles(name, depth - 1) : [];
    });
}

/** Runs `work` while no other run of ours does; a lock whose owner has died is taken over. */
async function withLock(work) {
  fs.mkdirSync(path.dirname(lock), { recursive: true, mode: 0o700 });
  const mine = `${lock}.${randomUUID()}`;
  fs.writeFileSync(mine, String(process.pid));
  try {
    for (let tries = 0; !tryLink(mine); tries += 1) {
      const owner = lockOwner();
      if (owner !== undefined && !isAlive(owner)) fs.rmSync(lock, { force: true });
      if (tries === 10 && owner !== undefined) say(`waiting for process ${owner}, which is setting up`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    process.once('exit', unlock);
    const result = work();
    unlock();
    process.off('exit', unlock);
    return result;
  } finally {
    fs.rmSync(mine, { force: true });
  }
}

/** Linking is atomic, and the lock has its owner's id in it from the first moment. */
function tryLink(mine) {
  try {
    fs.linkSync(mine, lock);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function lockOwner() {
  try {
    return Number(fs.readFileSync(lock, 'utf8'));
  } catch {
    return undefined;
  }
}

function unlock() {
  fs.rmSync(lock, { force: true });
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Runs the script in our place: same terminal, same signals, same exit code. */
function hand(found) {
  const child = spawn(path.join(found.bin, 'node'), [path.resolve(root, script), ...args], {
    stdio: 'inherit',
    // What has been compiled once is kept, for the script and for every Node process it starts.
    env: { NODE_COMPILE_CACHE: compileCache, ...withPath(found.bin, path.join(root, 'node_modules/.bin')) },
  });
  child.once('error', (error) => fail(`${script} could not be started: ${error.message}`));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) forward(signal, child);
  if (environment.npm_lifecycle_event !== undefined) stopWithParent(child);
  child.once('exit', (code, signal) =>
    process.exit(signal === null ? code : 128 + os.constants.signals[signal]),
  );
}

/** At a terminal, Ctrl-C and hanging up reach the whole process group, so the child has them already. npm sends them to us once more. */
function forward(signal, child) {
  const reachesGroup = signal !== 'SIGTERM' && [0, 1, 2].some((fd) => isatty(fd));
  let last = -Infinity;
  process.on(signal, () => {
    const isRepeated = performance.now() - last < 500;
    last = performance.now();
    if (!reachesGroup && !isRepeated) child.kill(signal);
  });
}

/** npm sends SIGTERM to its shell, which dies of it and passes nothing on; then we have another parent. */
function stopWithParent(child) {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    child.kill('SIGTERM');
  }, 200);
  watch.unref();
}

function withPath(...folders) {
  return { ...environment, PATH: [...folders, environment.PATH].join(path.delimiter) };
}

/** Whole or not at all, also for a process that reads it meanwhile. */
function replaceFile(file, content) {
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomUUID()}`;
  fs.writeFileSync(draft, content);
  fs.renameSync(draft, file);
}

function say(line) {
  process.stderr.write(`proofbox: ${line}\n`);
}

function fail(line) {
  say(line);
  process.exit(1);
}
