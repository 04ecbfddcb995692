import { factoryNames } from '@proofbox/contract';
import { z } from 'zod';
import { between } from '../../support/command-line.ts';
import { isWanted } from './schedule.ts';
import { faultKinds } from './strike.ts';

export const usage = `npm run chaos -- [--seed <n>] [--seconds <length>] [--rate <orders a second>] [--only <faults>] [--once <factories>] [--restarts <n>] [--logs <folder>] [--json]
  --seed      which schedule of faults; the same seed strikes the same things at the same times (default 1)
  --seconds   how long orders are placed and things go wrong, 5 to 3600 (default 60)
  --rate      orders a second, 1 to 200 (default 20)
  --only      some faults only, by kind or family, such as kill,redis,link-blackhole
              (${faultKinds.join(', ')})
  --once      factories where a repeat is not safe, such as primary,fallback: neither may bake an order twice
  --restarts  instead of a schedule: so many rolling restarts of the workers under load, 1 to 10000
  --logs      a folder for the log of each process
  --json      the result as the last line of stdout, all else on stderr`;

export const schema = z.object({
  seed: between(0, 4_294_967_295).int('expected a whole number').default(1),
  seconds: between(5, 3_600).default(60),
  rate: between(1, 200).default(20),
  only: z
    .string()
    .transform((text) => text.split(',').filter((each) => each !== ''))
    .refine(
      (wanted) => wanted.every((each) => faultKinds.some((kind) => isWanted(kind, [each]))),
      `expected some of ${faultKinds.join(', ')}`,
    )
    .default([]),
  once: z
    .string()
    .transform((text) => text.split(',').filter((each) => each !== ''))
    .pipe(z.array(z.enum(factoryNames)))
    .default([]),
  restarts: between(1, 10_000).int('expected a whole number').optional(),
  logs: z.string().optional(),
  json: z.boolean().default(false),
  help: z.boolean().default(false),
});
export type Options = z.output<typeof schema>;
