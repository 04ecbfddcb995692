import { parseSync } from 'vite';
import { testsIn } from './tests-in.ts';

/** A test that holds a guarantee. */
export type Holder = { guarantee: string; file: string; title: string };

/**
 * The tests of a file that say which guarantees they hold, by a comment just above: `@guarantee G1`, or `@guarantee G1 G2`.
 * @throws Error for such a comment that is above no test
 */
export function holdersIn(file: string, source: string): Holder[] {
  if (!source.includes('@guarantee')) return [];
  const tests = testsIn(file, source);
  return parseSync(file, source).comments.flatMap(({ value, end }) => {
    const [, names = ''] = /@guarantee\s+(G\d+(?:\s+G\d+)*)/.exec(value) ?? [];
    if (names === '') return [];
    const next = end + /^\s*/.exec(source.slice(end))![0].length;
    const test = tests.find(({ start }) => start === next);
    if (test === undefined) throw new Error(`${file}: @guarantee ${names} is above no test.`);
    return names.split(/\s+/).map((guarantee) => ({ guarantee, file, title: test.title }));
  });
}
