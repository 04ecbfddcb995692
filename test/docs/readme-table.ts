import { textOf } from './repository.ts';

/** The cells of each row, without the code marks around a cell, of the first table under a heading of the README. */
export function readmeTable(heading: string): string[][] {
  const lines = textOf('README.md').split('\n');
  const headingAt = lines.indexOf(heading);
  if (headingAt === -1) throw new Error(`The README has no heading "${heading}".`);
  const from = lines.findIndex((line, i) => i > headingAt && line.startsWith('|'));
  const after = lines.findIndex((line, i) => i > from && !line.startsWith('|'));
  // The first two lines are the titles and the line below them.
  return lines.slice(from + 2, after).map(cellsOf);
}

function cellsOf(line: string): string[] {
  const cells = line.split('|').slice(1, -1);
  return cells.map((cell) => cell.trim().replace(/^`([^`]*)`$/, '$1'));
}
