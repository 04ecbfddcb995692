import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/**
 * Locks a file for as long as this process lives; the kernel lets go of it whatever the process dies of.
 * An empty database serves as the lock: Node has no other lock that is held by the kernel.
 * @returns undefined when another process has it
 * @throws Error when the file cannot be written
 */
export function lockFile(file: string): Disposable | undefined {
  const lock = new DatabaseSync(file);
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
  return { [Symbol.dispose]: () => lock.close() };
}

/** Whether a living process has the lock; taking it is left to others. */
export function isLocked(file: string): boolean {
  if (!existsSync(file)) return false;
  using lock = new DatabaseSync(file, { readOnly: true });
  try {
    lock.prepare('SELECT count(*) FROM sqlite_master').get();
    return false;
  } catch (error) {
    if (isBusy(error)) return true;
    throw error;
  }
}

const sqliteBusy = 5;

function isBusy(error: unknown): boolean {
  return (error as { errcode?: number }).errcode === sqliteBusy;
}
