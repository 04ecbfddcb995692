import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { lockFile } from './file-lock.ts';

/** A file that is this process's own for as long as it lives. */
export type Claim = Disposable & { number: number; file: string };

/** The files of one kind and one shop in a folder: `<base>.<number>.sqlite`, each with a `.lock` beside it. */
export type FileFamily = { folder: string; base: string };

/** More ingests than anybody runs on one folder. */
const mostFiles = 10_000;

/**
 * Files go by the key tag (with the database, `shopName` of the ledger), so that no Proofbox touches the orders of another one. Journals have a folder of their own
 * within the spool's.
 */
export function familyOf(options: { folder: string; keyTag: string; kind: 'spool' | 'journal' }): FileFamily {
  const folder = options.kind === 'spool' ? options.folder : path.join(options.folder, 'journal');
  return { folder, base: path.join(folder, encodeURIComponent(options.keyTag)) };
}

/**
 * Claims the first file that no living process has: a restarted process finds its own, and several may share the folder.
 * @throws Error when the folder cannot be made or written
 */
export function claimFirst({ folder, base }: FileFamily): Claim {
  // Orders have personal data in them.
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (let number = 1; number <= mostFiles; number += 1) {
    const claim = claimNumber(base, number);
    if (claim) return claim;
  }
  throw new Error(`all ${mostFiles} files are in use`);
}

/** Does something with each file that no living process has, one after the other. @returns how many there were */
export async function withAbandoned(
  { folder, base }: FileFamily,
  work: (file: string) => Promise<void>,
): Promise<number> {
  let files = 0;
  for (const number of numbersIn({ folder, base })) {
    using claim = claimNumber(base, number);
    if (!claim) continue;
    await work(claim.file);
    files += 1;
  }
  return files;
}

/** @returns undefined when another process has it, or this one */
export function claimNumber(base: string, number: number): Claim | undefined {
  const lock = lockFile(`${base}.${number}.lock`);
  return lock && { number, file: fileOf(base, number), [Symbol.dispose]: () => lock[Symbol.dispose]() };
}

export function fileOf(base: string, number: number): string {
  return `${base}.${number}.sqlite`;
}

/** Lowest first. Empty where there is no folder. */
export function numbersIn({ folder, base }: FileFamily): number[] {
  const name = path.basename(base);
  return filesIn(folder)
    .filter((file) => file.startsWith(`${name}.`) && file.endsWith('.sqlite'))
    .map((file) => Number(file.slice(name.length + 1, -'.sqlite'.length)))
    .filter(Number.isInteger)
    .toSorted((a, b) => a - b);
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
