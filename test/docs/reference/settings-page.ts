import path from 'node:path';
import { z } from 'zod';
import { importSource } from '../import-source.ts';
import { code, paragraphs, table } from '../markdown.ts';
import { filesAt, root } from '../repository.ts';

/** The files of settings, in the order of the page, with what a reader has to know of each. */
const sections: { title: string; file: string; about?: string }[] = [
  { title: 'Ingest', file: 'apps/ingest/src/settings.ts' },
  { title: 'Worker', file: 'apps/worker/src/settings.ts' },
  { title: 'Admin server', file: 'apps/admin/src/settings.ts' },
  { title: 'Command line', file: 'apps/cli/src/session/settings.ts' },
  {
    title: 'npm start',
    file: 'infra/local/src/start/settings.ts',
    about:
      '`npm start` passes every setting of the other sections on to its processes, except `HOST`, `PORT` and those that it has to decide itself (`CONTROL_PORT`, `API_KEYS`, `KEY_FILE`). For its stand-in factories it turns health pages and canary orders on.',
  },
  { title: 'Stand-in factory', file: 'apps/factory-sim/src/settings.ts' },
];

const introduction = `All settings are environment variables. A variable that is empty counts as one that is not there. A process reads
them once, at its start. It names everything that is wrong with them, a line each, and does not start.

URLs are \`http://\` or \`https://\` without \`?\` and \`#\`. Lists are separated by commas. A folder that does not begin
with \`/\` is looked for in the working directory.`;

/** `settings.md`: every setting of every process. @throws Error for a setting without a description */
export async function settingsPage(): Promise<string> {
  const files = filesAt('{apps,infra}/*/src/**/settings.ts');
  const left = files.filter((file) => !sections.some((section) => section.file === file));
  if (left.length > 0) throw new Error(`No section of the page of settings has ${left.join(', ')}.`);
  const parts = await Promise.all(sections.map(sectionOf));
  return paragraphs('# Settings', introduction, ...parts);
}

async function sectionOf({ title, file, about }: (typeof sections)[number]): Promise<string> {
  const { shape } = await schemaIn(file);
  const rows = Object.entries(shape as Record<string, z.ZodType>).map(([name, field]) => [
    code(name),
    defaultOf(field),
    acceptsOf(field),
    unitOf(name),
    meaningOf(name, field),
  ]);
  return paragraphs(`## ${title}`, about, table(['Name', 'Default', 'Accepts', 'Unit', 'Meaning'], rows));
}

async function schemaIn(file: string): Promise<z.ZodObject> {
  const schema = Object.values(await importSource<object>(file)).find((each) => each instanceof z.ZodObject);
  if (schema === undefined) throw new Error(`${file} exports no settings.`);
  return schema;
}

function defaultOf(field: z.ZodType): string {
  const { success, data } = field.safeParse(undefined);
  if (!success) return '**required**';
  const text = ((data ?? '') as string | number | boolean | string[]).toString();
  // A folder may be kept as an absolute path, which is another one on each machine.
  return text === '' ? 'none' : code(text.replace(`${root}${path.sep}`, ''));
}

/** Said by the field itself, or by what it wraps. */
function acceptsOf(field: z.ZodType): string {
  const { accepts } = (field.meta() ?? {}) as { accepts?: string };
  if (accepts !== undefined)
    return accepts.replaceAll(/(?<=^| to )\d+(?=$| to )/g, (digits) => Number(digits).toLocaleString('en'));
  const { innerType, in: input } = field.def as { innerType?: z.ZodType; in?: z.ZodType };
  const inner = innerType ?? input;
  return inner ? acceptsOf(inner) : '';
}

const units: [ending: RegExp, unit: string][] = [
  [/_MS$/, 'milliseconds'],
  [/_HOURS$/, 'hours'],
  [/_MAX_RPS$/, 'orders a second'],
  [/_ORDERS$|_CONCURRENCY$/, 'orders'],
  [/_REPLICAS$/, 'replicas'],
  [/_BITS$/, 'bits'],
];

function unitOf(name: string): string {
  return units.find(([ending]) => ending.test(name))?.[1] ?? '';
}

function meaningOf(name: string, { description }: z.ZodType): string {
  if (description === undefined) throw new Error(`The setting ${name} has no description in its schema.`);
  return description;
}
