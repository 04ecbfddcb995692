import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * When the newest source in a file or folder was changed, in ms since the epoch. A folder changes when something is added
 * to it or taken out; tests and installed packages are no sources.
 */
export async function newestIn(root: string): Promise<number> {
  const found = await stat(root);
  if (!found.isDirectory()) return found.mtimeMs;
  const sources = (await readdir(root)).filter((name) => name !== 'node_modules' && !name.includes('.test.'));
  const inside = await Promise.all(sources.map((name) => newestIn(path.join(root, name))));
  return Math.max(found.mtimeMs, ...inside);
}
