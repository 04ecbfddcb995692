import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { StartError } from '@proofbox/runtime';

/**
 * Claims the data folder for this process: two Redis servers on one append-only file would destroy it.
 * Released when the process exits; a claim whose owner has died counts for nothing.
 * @throws StartError when another process has it, or nothing can be written there
 */
export function claimDataFolder(folder: string): void {
  const file = path.join(folder, 'start.pid');
  makeFolder(folder);
  while (!claim(file)) {
    const owner = readOwner(file);
    if (owner !== undefined && isAlive(owner)) {
      throw new StartError(
        `Proofbox runs here already, as process ${owner}: stop it first. (If that is another program, remove ${file}.)`,
      );
    }
    rmSync(file, { force: true });
  }
  process.once('exit', () => rmSync(file, { force: true }));
}

/** One step at a time: where nothing can be made, as below /proc, Node.js' own recursive way never ends. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(path.dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    throw unwritable(folder, error);
  }
}

function unwritable(where: string, error: unknown): StartError {
  const { code } = error as NodeJS.ErrnoException;
  return new StartError(
    `${where} cannot be made (${code}): set DATA_DIR to a folder on a disk that can be written.`,
  );
}

/** Creates the file unless it is there. */
function claim(file: string): boolean {
  try {
    writeFileSync(file, `${process.pid}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw unwritable(file, error);
  }
}

function readOwner(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
