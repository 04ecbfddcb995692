import { appendFileSync } from 'node:fs';
import { readdir, readFile, stat, truncate } from 'node:fs/promises';
import path from 'node:path';

/** How much of each file is surely on the disk, by `<device> <inode>`. */
type DurableSizes = Map<string, number>;

/**
 * Reads what fsync-log.c wrote down. A file that was never synced is not in it.
 * @throws Error when it holds nothing: the library was not loaded
 */
export function durableSizesIn(log: string): DurableSizes {
  const sizes: DurableSizes = new Map();
  if (log === '') throw new Error('Redis did not load the library that notes its fsyncs.');
  for (const line of log.trimEnd().split('\n')) {
    const [what, device, inode, size] = line.split(' ');
    const file = `${device} ${inode}`;
    // Two threads may sync the same file, and the one that came first may note it last.
    const before = what === 's' ? (sizes.get(file) ?? 0) : 0;
    sizes.set(file, Math.max(before, Number(size)));
  }
  return sizes;
}

/** What was cut off a file: it had `from` bytes, and has `to` now. */
export type Cut = { file: string; from: number; to: number };

/**
 * Leaves of every file in a folder only what a power cut would have left, and notes that this much is durable now.
 * No process may have the files open.
 * @param logFile written by fsync-log.c
 */
export async function cutToDurable(folder: string, logFile: string): Promise<Cut[]> {
  const durable = durableSizesIn(await readFile(logFile, 'utf8'));
  const cuts: Cut[] = [];
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name);
    const { dev, ino, size } = await stat(file);
    const to = Math.min(size, durable.get(`${dev} ${ino}`) ?? 0);
    if (to < size) {
      await truncate(file, to);
      cuts.push({ file: name, from: size, to });
    }
    appendFileSync(logFile, `t ${dev} ${ino} ${to}\n`);
  }
  return cuts;
}
