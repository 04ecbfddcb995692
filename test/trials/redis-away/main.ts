import { runTrial, type Run } from '../run-trial.ts';
import { schema, usage, type Options } from './options.ts';
import { drainLimitSeconds, isAsPromised } from './result.ts';
import { runRedisAway } from './run-redis-away.ts';

/** `npm run redis-away`: every order is taken while Redis is away, and fulfilled once soon after. @returns the exit code */
async function redisAway(options: Options, { signal, say }: Run): Promise<number> {
  const { seconds, rate, 'kill-ingest': killIngest, json } = options;
  const { flaws, ...result } = await runRedisAway({ seconds, rate, killIngest, say, signal });
  flaws.forEach(say);
  const { accepted, answered202, refused, fulfilled, lost, twice, drainSeconds } = result;
  const told =
    `${accepted} orders accepted, ${answered202} of them answered with 202, and ${refused} refused. ` +
    `${fulfilled} fulfilled, ${lost} lost, ${twice} twice; the last one ${drainSeconds} s after Redis was back.`;
  process.stdout.write(`${json ? JSON.stringify(result) : told}\n`);
  if (isAsPromised(result)) return 0;
  say(
    `Failed: all answered with 202, all fulfilled within ${drainLimitSeconds} s, and none twice is what is promised. A busy machine takes longer.`,
  );
  return 1;
}

process.exit(await runTrial({ name: 'redis-away', usage, schema, run: redisAway }));
