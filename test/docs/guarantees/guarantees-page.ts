import path from 'node:path';
import { paragraphs } from '../markdown.ts';
import { filesAt, textOf } from '../repository.ts';
import { holdersIn, type Holder } from './holders.ts';

const introduction = `What Proofbox promises, and the tests that hold it. Each of these tests fails when the code that it guards is taken out.
The sentences are those of the [README](../README.md#what-it-guarantees). A test says which guarantee it holds by a
comment above it: \`/** @guarantee G3 */\`.`;

/** `guarantees.md`. @throws Error for a guarantee without a test, and for a test of one that is not in the README */
export function guaranteesPage(): string {
  const sentences = sentencesIn(textOf('README.md'));
  const files = filesAt('{apps,packages,infra}/*/src/**/*.test.{ts,tsx}').concat(
    filesAt('test/**/*.test.ts'),
  );
  const byGuarantee = Map.groupBy(
    files.flatMap((file) => holdersIn(file, textOf(file))),
    ({ guarantee }) => guarantee,
  );
  const lost = [...byGuarantee.keys()].filter((guarantee) => !sentences.has(guarantee));
  if (lost.length > 0)
    throw new Error(`The README has no ${lost.join(', ')}, which tests say that they hold.`);
  const sections = [...sentences].map(([guarantee, sentence]) =>
    paragraphs(`## ${guarantee}`, sentence, testsOf(guarantee, byGuarantee.get(guarantee))),
  );
  return paragraphs('# Guarantees', introduction, ...sections);
}

/** The guarantees of the README: a list of lines that begin with `- **G1**`. */
function sentencesIn(readme: string): Map<string, string> {
  const items = readme.matchAll(/^- \*\*(G\d+)\*\* ((?:.+\n?)(?: {2}.+\n?)*)/gm);
  return new Map([...items].map(([, name = '', text = '']) => [name, text.replaceAll('\n ', '').trim()]));
}

function testsOf(guarantee: string, holders: Holder[] | undefined): string {
  if (holders === undefined) throw new Error(`No test says that it holds ${guarantee}.`);
  const byFile = Map.groupBy(holders, ({ file }) => file);
  return [...byFile]
    .map(([file, own]) => {
      const titles = own.map(({ title }) => `  - ${plain(title)}`).join('\n');
      return `- [${path.basename(file)}](../${file})\n${titles}`;
    })
    .join('\n');
}

/** Without what is filled in for each row of a table. */
function plain(title: string): string {
  return title.replaceAll(/ \([^)]*%[sij]\)/g, '').replaceAll(/%[sij]|\$\w+/g, '…');
}
