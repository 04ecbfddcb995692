import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ensureRedis } from '@proofbox/local';
import { writtenPages } from './pages.ts';
import { root } from './repository.ts';

// `npm run docs`: writes the pages that are made from the code.
const say = (line: string): void => void process.stderr.write(`${line}\n`);
await using redis = await ensureRedis({ say });
for (const [file, text] of await writtenPages(redis.url)) {
  await mkdir(path.join(root, path.dirname(file)), { recursive: true });
  await writeFile(path.join(root, file), text);
  say(file);
}
