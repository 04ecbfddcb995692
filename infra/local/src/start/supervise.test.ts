import { expect, test } from 'vitest';
import type { Exit } from '../process/child.ts';
import { supervise, type Supervised } from './supervise.ts';

const policy = { quickMs: 10_000, quickDeaths: 3, firstBackOffMs: 1, maxBackOffMs: 4 };

/** A process that ends in these ways, one life after the other, and then lives on. */
function mortal(
  exits: Exit[],
  restart: () => Promise<void> = async () => {},
): Supervised & { restarts: number } {
  const left = [...exits];
  return {
    name: 'worker',
    restarts: 0,
    exited() {
      const exit = left.shift();
      return exit ? Promise.resolve(exit) : new Promise(() => {});
    },
    async restart() {
      this.restarts += 1;
      await restart();
    },
    lastOutput: () => 'no yeast',
  };
}

const crash: Exit = { code: 1, signal: null };

test('a process that ends by itself is started again, and why it ended is said', async () => {
  const said: string[] = [];
  const stop = new AbortController();
  const process = mortal([crash, { code: null, signal: 'SIGKILL' }]);
  const watching = supervise(process, {
    signal: stop.signal,
    policy,
    say(line) {
      said.push(line);
      if (said.length === 4) stop.abort();
    },
  });
  await watching;
  expect(process.restarts).toBe(2);
  expect(said).toEqual([
    'worker ended by itself (exit code 1): no yeast; starting it again in 0.001 s',
    'worker runs again',
    'worker ended by itself (signal SIGKILL); starting it again in 0.002 s',
    'worker runs again',
  ]);
});

test('one that keeps dying quickly is given up', async () => {
  const process = mortal([crash, crash, crash, crash]);
  const watching = supervise(process, { signal: new AbortController().signal, policy, say: () => {} });
  await expect(watching).rejects.toThrow(
    'worker ended by itself (exit code 1): no yeast; that was 3 times in a row, so everything is closed',
  );
  expect(process.restarts).toBe(2);
});

test('deaths after a long life never end it', async () => {
  const stop = new AbortController();
  const process = mortal([crash, crash, crash, crash, crash]);
  const watching = supervise(process, {
    signal: stop.signal,
    policy: { ...policy, quickMs: 0 },
    say() {
      if (process.restarts === 5) stop.abort();
    },
  });
  await watching;
  expect(process.restarts).toBe(5);
});

test('a restart that fails counts as a death', async () => {
  const process = mortal([crash, crash, crash], () => Promise.reject(new Error('not ready')));
  const watching = supervise(process, { signal: new AbortController().signal, policy, say: () => {} });
  await expect(watching).rejects.toThrow('that was 3 times in a row');
});

test('once everything is being closed nothing is started again', async () => {
  const said: string[] = [];
  const stop = new AbortController();
  const end = Promise.withResolvers<Exit>();
  const process = { ...mortal([]), exited: () => end.promise };
  const watching = supervise(process, { signal: stop.signal, policy, say: (line) => said.push(line) });
  stop.abort();
  end.resolve(crash);
  await watching;
  expect(process.restarts).toBe(0);
  expect(said).toEqual([]);
});
