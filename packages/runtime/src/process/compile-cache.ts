import { lstatSync, mkdirSync } from 'node:fs';
import { enableCompileCache, getCompileCacheDir } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * Has Node keep the compiled code of every module that is imported from now on, so that the next start need not compile
 * it again: that is half of what a start costs. An entry point calls this first and imports everything else afterwards.
 * Where there is no folder to keep it in, such as on a read-only disk, everything works without.
 */
export function keepCompiledCode(): void {
  // NODE_COMPILE_CACHE names a folder already.
  if (getCompileCacheDir() !== undefined) return;
  const folder = ownFolder();
  if (folder !== undefined) enableCompileCache(folder);
}

/**
 * A folder for temporary files that nobody else can write to. Node's own default can be made by another user first, and
 * Node runs what it finds there.
 */
function ownFolder(): string | undefined {
  const user = process.getuid?.();
  const folder = path.join(tmpdir(), `proofbox-compile-cache-${user ?? 'own'}`);
  try {
    mkdirSync(folder, { mode: 0o700, recursive: true });
    const found = lstatSync(folder);
    const isOurs = user === undefined || (found.uid === user && (found.mode & 0o022) === 0);
    return found.isDirectory() && isOurs ? folder : undefined;
  } catch {
    return undefined;
  }
}
