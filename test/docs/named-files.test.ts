import path from 'node:path';
import { expect, test } from 'vitest';
import { anchorOf } from './markdown.ts';
import { filesAt, textOf } from './repository.ts';

const documents = filesAt('{*.md,docs/**/*.md}');

test('the documents are there', () => {
  expect(documents).toEqual(expect.arrayContaining(['ARCHITECTURE.md', 'CONTRIBUTING.md', 'README.md']));
});

test.each(documents)('%s names only files that exist', (document) => {
  const named = [...pathsIn(textOf(document)), ...linksIn(document)];
  expect(named.filter((file) => filesAt(file).length === 0)).toEqual([]);
});

test.each(documents)('%s links only to headings that are there', (document) => {
  const lost = headingLinksIn(document).filter(({ file, anchor }) => !anchorsIn(file).includes(anchor));
  expect(lost).toEqual([]);
});

/** Paths of the repository in code marks, from its root; they may hold `*` and `{a,b}`. */
function pathsIn(text: string): string[] {
  const paths = text.matchAll(/`((?:apps|packages|infra|test|docs)\/[\w./*{},-]+)`/g);
  return [...paths].map(([, file = '']) => file).filter((file) => !isBuilt(file));
}

/** What a build makes is there only after it. */
function isBuilt(file: string): boolean {
  return file.split('/').includes('dist');
}

/** Links to other files of the repository. */
function linksIn(document: string): string[] {
  const links = textOf(document).matchAll(/\]\((?!\w+:|#)([^)#\s]+)/g);
  return [...links].map(([, file = '']) => path.join(path.dirname(document), file));
}

/** Links to a heading, of this document or of another one. */
function headingLinksIn(document: string): { file: string; anchor: string }[] {
  const links = textOf(document).matchAll(/\]\((?!\w+:)([^)#\s]*)#([^)\s]+)\)/g);
  return [...links].map(([, file = '', anchor = '']) => ({
    file: file === '' ? document : path.join(path.dirname(document), file),
    anchor,
  }));
}

function anchorsIn(document: string): string[] {
  return [...textOf(document).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading));
}
