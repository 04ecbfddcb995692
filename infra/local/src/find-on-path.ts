import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { environment } from './environment.ts';

/** The first of these programs on the PATH, as an absolute path. */
export function findOnPath(...programs: string[]): string | undefined {
  const folders = (environment().PATH ?? '').split(path.delimiter).filter((folder) => folder !== '');
  return programs
    .flatMap((program) => folders.map((folder) => path.resolve(folder, program)))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
