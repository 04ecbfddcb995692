import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { lockFile } from './file-lock.ts';

/** The files of one shop in a folder: `<shop>.<number>.sqlite`, each with a `.lock` beside it. `shop`: `shopName` of the ledger. */
export type OutboxLocation = { folder: string; shop: string };

/** A file that belongs to this process until it is disposed of, or the process ends. */
export type Claim = Disposable & { file: string };

/** More ingests than anybody runs on one folder. */
const mostFiles = 10_000;

/**
 * Claims the first file that no living process has: a restarted process finds its own, and several may share the folder.
 * @throws Error when the folder cannot be made or written
 */
export function claimFirst(location: OutboxLocation): Claim {
  // Orders have personal data in them.
  mkdirSync(location.folder, { recursive: true, mode: 0o700 });
  for (let number = 1; number <= mostFiles; number += 1) {
    const claim = claimNumber(location, number);
    if (claim) return claim;
  }
  throw new Error(`all ${mostFiles} files are in use`);
}

/** Claims each file that no living process has, one at a time. */
export function* claimAbandoned(location: OutboxLocation): Generator<Claim> {
  for (const { number } of filesIn(location)) {
    const claim = claimNumber(location, number);
    if (claim) yield claim;
  }
}

/** Lowest number first. Empty where there is no folder. */
export function filesIn(location: OutboxLocation): { number: number; file: string; lock: string }[] {
  const prefix = `${encodeURIComponent(location.shop)}.`;
  return namesIn(location.folder)
    .filter((name) => name.startsWith(prefix) && name.endsWith('.sqlite'))
    .map((name) => Number(name.slice(prefix.length, -'.sqlite'.length)))
    .filter(Number.isInteger)
    .toSorted((a, b) => a - b)
    .map((number) => ({ number, ...pathsOf(location, number) }));
}

/** @returns undefined when another process has it, or this one */
function claimNumber(location: OutboxLocation, number: number): Claim | undefined {
  const { file, lock: lockPath } = pathsOf(location, number);
  const lock = lockFile(lockPath);
  return lock && { file, [Symbol.dispose]: () => lock[Symbol.dispose]() };
}

/** The name of the shop is in the name of the file, so that no Proofbox touches the orders of another one. */
function pathsOf({ folder, shop }: OutboxLocation, number: number): { file: string; lock: string } {
  const base = path.join(folder, `${encodeURIComponent(shop)}.${number}`);
  return { file: `${base}.sqlite`, lock: `${base}.lock` };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
