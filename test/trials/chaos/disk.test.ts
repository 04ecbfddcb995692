import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { cutToDurable, durableSizesIn } from './disk.ts';

test('the largest size that a completed fsync covered counts, until the file is cut', () => {
  const log = 't 0 0 0\ns 1 7 100\ns 1 7 250\ns 1 7 180\ns 1 8 90\nt 1 8 10\n';
  expect(durableSizesIn(log)).toEqual(
    new Map([
      ['0 0', 0],
      ['1 7', 250],
      ['1 8', 10],
    ]),
  );
});

test('an empty log shows nothing', () => {
  expect(() => durableSizesIn('')).toThrow('did not load');
});

test('files are cut back to what was synced; one that never was is empty', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'proofbox-disk-'));
  try {
    const file = path.join(folder, 'synced in part');
    await writeFile(file, 'synced, and not');
    await writeFile(path.join(folder, 'never synced'), 'gone');
    const { dev, ino } = await stat(file);
    const logFile = `${folder}.log`;
    await writeFile(logFile, `s ${dev} ${ino} 6\n`);

    const cuts = await cutToDurable(folder, logFile);
    expect(cuts.toSorted((a, b) => a.from - b.from)).toEqual([
      { file: 'never synced', from: 4, to: 0 },
      { file: 'synced in part', from: 15, to: 6 },
    ]);
    expect(await readFile(file, 'utf8')).toBe('synced');

    // What the power cut has left is on the disk, whatever is written after it.
    await appendFile(file, ' more');
    await cutToDurable(folder, logFile);
    expect(await readFile(file, 'utf8')).toBe('synced');
    await rm(logFile);
  } finally {
    await rm(folder, { recursive: true });
  }
});
