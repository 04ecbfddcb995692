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
    if ((error as { errcode?: number }).errcode === sqliteBusy) return undefined;
    throw error;
  }
  return { [Symbol.dispose]: () => lock.close() };
}

const sqliteBusy = 5;
