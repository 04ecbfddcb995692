import { expect, test } from 'vitest';
import { lastOutput } from './last-output.ts';

test.for([
  { output: 'one\ntwo\n', words: 'two' },
  {
    output: 'file.ts:3\nError: no yeast\n    at knead (file.ts:3:1)\n\nNode.js v26.0.0',
    words: 'Error: no yeast',
  },
  {
    output: '{"level":"fatal","msg":"uncaught exception","err":{"message":"no yeast"}}',
    words: 'uncaught exception: no yeast',
  },
  { output: '{broken', words: '{broken' },
  { output: '', words: '' },
])('the last words of $output are $words', ({ output, words }) => {
  expect(lastOutput(output)).toBe(words);
});
