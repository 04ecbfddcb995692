import path from 'node:path';
import { expect, test } from 'vitest';
import { filesAt, textOf } from './repository.ts';

const documents = filesAt('{*.md,docs/**/*.md}');

test('the documents are there', () => {
  expect(documents).toEqual(expect.arrayContaining(['ARCHITECTURE.md', 'CONTRIBUTING.md', 'README.md']));
});

test.each(documents)('%s names only files that exist', (document) => {
  const named = [...pathsIn(textOf(document)), ...linksIn(document)];
  expect(named.filter((file) => filesAt(file).length === 0)).toEqual([]);
});

test('the tests that ARCHITECTURE.md quotes are there', () => {
  const quoted = [...textOf('ARCHITECTURE.md').matchAll(/^- `(\S+\.test\.ts)`: ((?:“[^”]+”,?\s+)+)/gm)];
  expect(quoted.length).toBeGreaterThan(5);
  const lost = quoted.flatMap(([, file = '', titles = '']) =>
    [...titles.matchAll(/“([^“”]+)”/g)]
      .map(([, title = '']) => title.replaceAll(/\s+/g, ' '))
      .filter((title) => !textOf(file).includes(title)),
  );
  expect(lost).toEqual([]);
});

/** Paths of the repository in code marks, from its root; they may hold `*` and `{a,b}`. */
function pathsIn(text: string): string[] {
  const paths = text.matchAll(/`((?:apps|packages|infra|test|docs)\/[\w./*{},-]+)`/g);
  return [...paths].map(([, file = '']) => file);
}

/** Links to other files of the repository. */
function linksIn(document: string): string[] {
  const links = textOf(document).matchAll(/\]\((?!\w+:|#)([^)#\s]+)/g);
  return [...links].map(([, file = '']) => path.join(path.dirname(document), file));
}
