import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { readmeTable } from './readme-table.ts';
import { filesAt, root } from './repository.ts';

/** Who reads the settings of which file, as the README calls them. */
const readers: Record<string, string> = {
  ingest: 'apps/ingest/src/settings.ts',
  worker: 'apps/worker/src/settings.ts',
  admin: 'apps/admin/src/settings.ts',
  'command line': 'apps/cli/src/session/settings.ts',
  'stand-in': 'apps/factory-sim/src/settings.ts',
  'npm start': 'infra/local/src/start/settings.ts',
};

const tables = [
  {
    heading: '### Ingest, worker, admin and the command line',
    of: ['ingest', 'worker', 'admin', 'command line'],
  },
  { heading: '### What `npm start` itself reads', of: ['npm start'] },
  { heading: '### The stand-in factory', of: ['stand-in'] },
];

test('every file of settings has its place in the README', () => {
  expect(filesAt('{apps,infra}/*/src/**/settings.ts')).toEqual(Object.values(readers).toSorted());
  expect(tables.flatMap((table) => table.of).toSorted()).toEqual(Object.keys(readers).toSorted());
});

test.each(tables)(
  '$heading: its table has every setting with its default, and no other',
  async ({ heading, of }) => {
    const documented = readmeTable(heading).map((cells) => cells.slice(0, -1).join(' | '));
    expect(documented.toSorted()).toEqual((await settingsOf(of)).toSorted());
  },
);

/** A line for each setting, as the table has it: `NAME | ingest, worker | 2000`, or `NAME | 2000` where only one reads them. */
async function settingsOf(those: string[]): Promise<string[]> {
  const readersOf = new Map<string, { reader: string[]; name: string; fallback: string }>();
  for (const reader of those) {
    for (const [name, field] of Object.entries(await fieldsIn(readers[reader]!))) {
      const fallback = defaultOf(field);
      const known = readersOf.get(`${name} ${fallback}`) ?? { reader: [], name, fallback };
      known.reader.push(reader);
      readersOf.set(`${name} ${fallback}`, known);
    }
  }
  return [...readersOf.values()].map(({ reader, name, fallback }) =>
    [name, ...(those.length === 1 ? [] : [reader.join(', ')]), fallback].join(' | '),
  );
}

async function fieldsIn(file: string): Promise<Record<string, z.ZodType>> {
  const module = (await import(pathToFileURL(path.join(root, file)).href)) as Record<string, unknown>;
  const schema = Object.values(module).find((each) => each instanceof z.ZodObject);
  if (schema === undefined) throw new Error(`${file} exports no settings.`);
  return schema.shape;
}

function defaultOf(field: z.ZodType): string {
  const { success, data } = field.safeParse(undefined);
  if (!success) return 'required';
  const text = ((data ?? '') as string | number | boolean | string[]).toString();
  // A folder is kept as an absolute path, which is another one on each machine.
  return text.replace(`${root}${path.sep}`, '') || 'none';
}
