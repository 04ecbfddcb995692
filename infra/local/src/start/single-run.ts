import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { StartError } from '@proofbox/runtime';

/**
 * Claims the data folder for this process: two Redis servers on one append-only file would destroy it.
 * Released when the process exits; a claim whose owner has died counts for nothing.
 * @throws StartError when another process has it
 */
export function claimDataFolder(folder: string): void {
  const file = path.join(folder, 'start.pid');
  const owner = readOwner(file);
  if (owner !== undefined && owner !== process.pid && isAlive(owner)) {
    throw new StartError(
      `Proofbox runs here already, as process ${owner}: stop it first. (If that is another program, remove ${file}.)`,
    );
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `${process.pid}\n`);
  process.once('exit', () => rmSync(file, { force: true }));
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
