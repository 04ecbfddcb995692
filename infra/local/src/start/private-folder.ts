import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** What a run keeps in the data folder: names, e-mails, receipts, keys. */
const kept = ['redis', 'logs', 'secrets', 'outbox', 'factory-keys', 'keys'];

const others = 0o077;
/** Anybody may put files there, as in /tmp: such a folder is not ours to close. */
const sticky = 0o1000;

/**
 * Takes from all other users what an earlier run, or the maker of the folder, had given them: folders become 0700, files
 * 0600. Links are left alone, and so is what belongs to another user. What is made from now on has the umask.
 */
export function makePrivate(dataDir: string): void {
  if ((lstatSync(dataDir).mode & sticky) === 0) close(dataDir);
  for (const name of kept) closeAll(path.join(dataDir, name));
}

function closeAll(folder: string): void {
  if (!isFolder(folder)) return;
  close(folder);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const inner = path.join(folder, entry.name);
    if (entry.isDirectory()) closeAll(inner);
    else if (entry.isFile()) close(inner);
  }
}

function isFolder(name: string): boolean {
  return lstatSync(name, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function close(name: string): void {
  const { mode } = lstatSync(name);
  if ((mode & others) === 0) return;
  try {
    chmodSync(name, mode & 0o700);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
  }
}
