import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../..');

/** Paths from the root, sorted. */
export function filesAt(pattern: string): string[] {
  const files = globSync(pattern, { cwd: root, exclude: (name) => name === 'node_modules' });
  return files.toSorted();
}

export function textOf(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}
