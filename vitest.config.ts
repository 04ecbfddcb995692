import { defineConfig } from 'vitest/config';
import { SlowFirst } from './test/slow-first.ts';

/** Tests that measure: what they find depends on how much of the machine they have, so they come last and have more of it. */
const measuring = [
  'test/trials/{bench,chaos,drain,incident,outbox-cost,redis-away,scale}/*.test.ts',
  'test/e2e/{demo,outage-in-disguise,request-cost}.test.ts',
  'test/source/patterns.test.ts',
];

export default defineConfig({
  test: {
    globalSetup: ['test/support/shared-redis.ts'],
    // The tests start real processes: a bound against hanging, not a measure of speed.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 30_000 } },
    // A process for each file would load the same modules two hundred times. What a test replaces, it therefore puts back.
    isolate: false,
    restoreMocks: true,
    unstubGlobals: true,
    sequence: { sequencer: SlowFirst },
    // Else a line in a package.json would count as a change of everything for `--changed`.
    forceRerunTriggers: ['**/vitest.config.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'tests',
          include: [
            '{apps,packages,infra}/**/src/**/*.test.{ts,tsx}',
            'test/**/*.test.ts',
            ...measuring.map((each) => `!${each}`),
          ],
          // More than a small machine has cores: most of the time a test waits for processes, clocks and time-outs.
          maxWorkers: 5,
        },
      },
      {
        extends: true,
        test: { name: 'measuring', include: measuring, maxWorkers: 2, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
