import { expect, test } from 'vitest';
import { startTogether, StartTogetherError } from './start-together.ts';

function opened(log: string[], name: string): AsyncDisposable {
  return {
    async [Symbol.asyncDispose]() {
      log.push(`${name} closed`);
    },
  };
}

test('when one fails, what did start is closed again', async () => {
  const log: string[] = [];
  const failure = startTogether([
    async () => opened(log, 'oven'),
    async () => Promise.reject(new Error('no flour')),
  ]);
  await expect(failure).rejects.toThrow('no flour');
  expect(log).toEqual(['oven closed']);
});

test('several failures are all told', async () => {
  const failure = startTogether([
    async () => Promise.reject(new Error('no flour')),
    async () => Promise.reject(new Error('no yeast')),
  ]);
  await expect(failure).rejects.toThrow(StartTogetherError);
  await expect(failure).rejects.toThrow('no flour\nno yeast');
});

test('giving up from outside reaches every start', async () => {
  const giveUp = new AbortController();
  const waiting = startTogether(
    [
      (signal) =>
        new Promise<never>((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('given up')));
        }),
    ],
    giveUp.signal,
  );
  giveUp.abort();
  await expect(waiting).rejects.toThrow('given up');
});
