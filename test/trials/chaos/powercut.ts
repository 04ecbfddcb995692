import { z } from 'zod';
import { between } from '../../support/command-line.ts';
import { runTrial } from '../run-trial.ts';
import { runPowerCuts } from './power-cut.ts';

const usage = `npm run powercut -- [--rounds <n>] [--fsync always|everysec] [--seed <n>] [--json]
  --rounds  how often the power of the Redis host is cut under load, 1 to 1000 (default 5)
  --fsync   the appendfsync of Redis (default always). Under always no order may be lost; under everysec some must be,
            or this run could not have seen it
  --seed    when the power is cut (default 1)
  --json    the result as the last line of stdout, all else on stderr`;

const whole = 'expected a whole number';
const schema = z.object({
  rounds: between(1, 1_000).int(whole).default(5),
  fsync: z.enum(['always', 'everysec'], { error: 'expected always or everysec' }).default('always'),
  seed: between(0, 4_294_967_295).int(whole).default(1),
  json: z.boolean().default(false),
  help: z.boolean().default(false),
});

process.exit(
  await runTrial({
    name: 'powercut',
    usage,
    schema,
    async run({ rounds, fsync, seed, json }, { say, signal }) {
      const { accepted, lost } = await runPowerCuts({ rounds, fsync, seed, say, signal });
      const result = { fsync, rounds, accepted, lost: lost.length };
      const isAsExpected = (lost.length === 0) === (fsync === 'always');
      if (!isAsExpected && fsync === 'always') say(`Lost: ${lost.slice(0, 20).join(', ')}`);
      if (!isAsExpected && fsync === 'everysec')
        say('Nothing was lost, so this run could not have seen a loss.');
      process.stdout.write(
        json
          ? `${JSON.stringify(result)}\n`
          : `${accepted} orders promised, ${lost.length} lost, fsync ${fsync}\n`,
      );
      return isAsExpected ? 0 : 1;
    },
  }),
);
