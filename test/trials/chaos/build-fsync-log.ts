import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { canInstall, dataRoot, findOnPath, install } from '@proofbox/local';

const source = path.join(import.meta.dirname, 'fsync-log.c');

/**
 * Compiles fsync-log.c, once for each version of it. @returns the library, for LD_PRELOAD
 * @throws Error in one line that says what to do
 */
export async function buildFsyncLog(say: (line: string) => void): Promise<string> {
  if (process.platform !== 'linux')
    throw new Error('The power cut needs Linux: it looks into Redis with LD_PRELOAD.');
  const version = createHash('sha256')
    .update(await readFile(source))
    .digest('hex')
    .slice(0, 12);
  const library = path.join(dataRoot, 'powercut', `fsync-log-${version}.so`);
  if (existsSync(library)) return library;
  const compiler = findCompiler() ?? (await installCompiler(say));
  await mkdir(path.dirname(library), { recursive: true });
  // Whole or not at all: another run may be looking for it.
  const unfinished = `${library}.${process.pid}`;
  await promisify(execFile)(compiler, ['-O2', '-shared', '-fPIC', '-o', unfinished, source, '-ldl']);
  await rename(unfinished, library);
  return library;
}

function findCompiler(): string | undefined {
  return findOnPath('cc', 'gcc', 'clang');
}

async function installCompiler(say: (line: string) => void): Promise<string> {
  const whatToDo =
    'No C compiler: install gcc with the headers of the C library (on Debian: apt-get install gcc libc6-dev). The power cut needs it to see what Redis has synced.';
  if (!canInstall()) throw new Error(whatToDo);
  say('No C compiler here: installing gcc with apt-get.');
  await install('gcc', 'libc6-dev').catch((error: unknown) => {
    throw new Error(`${whatToDo} (apt-get: ${(error as Error).message})`, { cause: error });
  });
  const compiler = findCompiler();
  if (compiler === undefined) throw new Error(whatToDo);
  return compiler;
}
