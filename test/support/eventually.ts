import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks again until the answer satisfies, and returns it.
 * @throws Error with the last answer when it does not within `withinMs`
 */
export async function eventually<T>(
  ask: () => Promise<T>,
  satisfies: (answer: T) => boolean,
  withinMs = 30_000,
): Promise<T> {
  const giveUpAt = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (satisfies(answer)) return answer;
    if (Date.now() > giveUpAt)
      throw new Error(`not within ${withinMs} ms; the last answer was ${JSON.stringify(answer)}`);
    await pause(50);
  }
}
