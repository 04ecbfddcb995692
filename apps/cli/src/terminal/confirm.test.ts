import { expect, test } from 'vitest';
import { confirm } from './confirm.ts';

const question = 'Discard 3 orders?';

function answering(answer: string) {
  const asked: string[] = [];
  const ask = async (text: string): Promise<string> => {
    asked.push(text);
    return answer;
  };
  return { ask, asked };
}

test.each(['y', 'Y', 'yes', ' yes '])('"%s" is a yes, and it is asked once', async (answer) => {
  const { ask, asked } = answering(answer);
  await confirm({ ask }, { question, yes: undefined });
  expect(asked).toEqual(['Discard 3 orders? [y/N] ']);
});

test.each(['', 'n', 'no', 'yeah', 'yn', 'ja'])('"%s" is none, and nothing is changed', async (answer) => {
  await expect(confirm(answering(answer), { question, yes: undefined })).rejects.toMatchObject({
    exitCode: 1,
    message: 'Nothing was changed.',
  });
});

test('where nobody can be asked it takes --yes, and then nobody is', async () => {
  const nobody = { ask: undefined };
  await expect(confirm(nobody, { question, yes: undefined })).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining('--yes'),
  });
  await confirm(nobody, { question, yes: true });
  const { ask, asked } = answering('n');
  await confirm({ ask }, { question, yes: true });
  expect(asked).toEqual([]);
});
