import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './repository.ts';

/** What a source file of an app exports. Apps are no packages that others import: documents are written from them all the same. */
export async function importSource<Exports>(file: string): Promise<Exports> {
  return (await import(pathToFileURL(path.join(root, file)).href)) as Exports;
}
