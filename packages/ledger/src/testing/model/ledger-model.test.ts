import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { openTestLedger } from '../test-ledger.ts';
import { steps, type Step, type World } from './commands.ts';
import { LedgerModel } from './ledger-model.ts';
import { reconcileFindings, differences, loseEverything, putUnderTest } from './ledger-under-test.ts';

// oxlint-disable-next-line node/no-process-env -- the same test, longer, or again with a seed.
const { MODEL_SEQUENCES = '500', MODEL_SEED } = process.env;
/** Each step is a write that the Redis of the tests brings to the disk: 2,000 lives take minutes on a busy machine. */
const seed = MODEL_SEED === undefined ? Date.now() & 0xffffff : Number(MODEL_SEED);
/** Ledgers of their own, side by side: Redis makes what all of them write durable in one go. */
const lanes = 8;

test(
  `whatever happens to orders in whatever order, the ledger does what its model does (MODEL_SEED=${seed}, ${MODEL_SEQUENCES} lives)`,
  async () => {
    const lives = Math.ceil(Number(MODEL_SEQUENCES) / lanes);
    // Lane 0 of the seed that failed is the one to try again with.
    const failures = await Promise.all(
      Array.from({ length: lanes }, (_each, lane) => tryLives(seed + lane, lives)),
    );
    expect(failures.filter((failure) => failure !== undefined)).toEqual([]);
  },
  24 * 3_600_000,
);

/** @returns the shortest life that goes wrong, step by step, if there is one */
async function tryLives(ownSeed: number, numRuns: number): Promise<string | undefined> {
  await using box = openTestLedger();
  let world: World;
  const real = putUnderTest(box, () => world.model.now);

  async function live(life: Step[]): Promise<void> {
    world = { real, model: new LedgerModel(), attempts: [], made: 0 };
    for (const step of life) {
      world.model.now += 1;
      const [answer, should] = await step.take(world);
      const wrong = await differences(real, world.model);
      if (!isDeepStrictEqual(answer, should))
        wrong.push(`answer: ${JSON.stringify(answer)} instead of ${JSON.stringify(should)}`);
      if (wrong.length > 0) throw new Error(wrong.join('\n'));
    }
    const found = await reconcileFindings(real);
    if (found.length > 0) throw new Error(`the reconcile found ${JSON.stringify(found)}`);
  }

  const someLife = fc.array(steps, { minLength: 1, maxLength: 24, size: 'max' });
  const property = fc.asyncProperty(someLife, live).afterEach(() => loseEverything(real));
  const run = await fc.check(property, { seed: ownSeed, numRuns });
  if (!run.failed) return undefined;
  const life = run.counterexample![0].map(({ name, input }) => `  ${name} ${JSON.stringify(input) ?? ''}`);
  return [`MODEL_SEED=${run.seed}`, ...life, String(run.errorInstance)].join('\n');
}
