import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { parseJson } from '../parse-json.ts';
import type { KnownKey } from './key-set.ts';
import { publicKey } from './public-key.ts';

/** Where the keys of one factory are kept: a process that starts while the factory is away still verifies its receipts. */
export type KeysFile = {
  /** What was kept; nothing where there is no file, a broken one, or one of another factory. */
  read(): KnownKey[];
  /** Takes the place of the old file at once, or not at all. */
  write(known: readonly KnownKey[]): Promise<void>;
};

/** The oldest are kept: those have signed what is out there. */
const mostKept = 200;

const content = z.object({
  url: z.string(),
  keys: z.array(z.object({ key: publicKey, withdrawnAt: z.number().optional() })),
});

/** The processes of one machine may share the folder. */
export function openKeysFile({ folder, factoryUrl }: { folder: string; factoryUrl: string }): KeysFile {
  const name = createHash('sha256').update(factoryUrl).digest('hex').slice(0, 16);
  const file = path.join(folder, `${name}.json`);
  let writing: Promise<void> = Promise.resolve();
  let last = '';

  async function replace(text: string): Promise<void> {
    if (text === last) return;
    const draft = `${file}.${randomUUID()}.tmp`;
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeFile(draft, text, { mode: 0o600, flush: true });
      await rename(draft, file);
      last = text;
    } finally {
      await rm(draft, { force: true });
    }
  }

  return {
    read() {
      last = textIn(file);
      const parsed = content.safeParse(parseJson(last));
      return parsed.success && parsed.data.url === factoryUrl ? parsed.data.keys : [];
    },
    write(known) {
      const text = `${JSON.stringify({ url: factoryUrl, keys: known.slice(0, mostKept) }, null, 1)}\n`;
      const mine = writing.then(() => replace(text));
      writing = mine.catch(() => {});
      return mine;
    },
  };
}

function textIn(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
