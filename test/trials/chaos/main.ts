import { targets } from './arena.ts';
import { schema, usage, type Options } from './options.ts';
import { followSchedule, rollingRestarts } from './ordeals.ts';
import { countsOf, describeAttempts, explainFlaws, explainSchedule, strangeAnswers } from './result.ts';
import { runTrial, type Run } from '../run-trial.ts';
import { createSchedule } from './schedule.ts';
import { holdTrial, type TrialOptions } from './trial.ts';
import { isFlawless } from './judge.ts';

const drainLimitMs = 120_000;
const longestStopMs = 10_000;

/** `npm run chaos`: a whole Proofbox under load while everything around it goes wrong. @returns the exit code */
async function chaos(options: Options, { signal, say }: Run): Promise<number> {
  const { seed, seconds, only, json } = options;
  const lengthMs = seconds * 1_000;
  const schedule = createSchedule({ seed, lengthMs, targets, only });
  const trial = await holdTrial({
    ...trialOptions(options, { signal, say }),
    ordeal: followSchedule(schedule, lengthMs),
  });
  const result = { seed, seconds, ...countsOf(trial.judgement), faults: trial.faults };
  say(describeAttempts(trial));
  strangeAnswers(trial).forEach(say);
  const isFine = isFlawless(trial.judgement);
  if (!isFine) [...explainFlaws(trial), ...explainSchedule(schedule), sameAgain(options)].forEach(say);
  process.stdout.write(`${json ? JSON.stringify(result) : formatResult(result)}\n`);
  return isFine ? 0 : 1;
}

/** `npm run chaos -- --restarts N`: rolling restarts of the workers under load. @returns the exit code */
async function restarts(options: Options & { restarts: number }, { signal, say }: Run): Promise<number> {
  const { seed, json } = options;
  let slowestStopMs = 0;
  const trial = await holdTrial({
    ...trialOptions(options, { signal, say }),
    ordeal: rollingRestarts(options.restarts, (n, name, tookMs) => {
      slowestStopMs = Math.max(slowestStopMs, Math.ceil(tookMs));
      say(`${n}. ${name} stopped within ${Math.ceil(tookMs)} ms and is ready again`);
    }),
  });
  const result = { seed, restarts: options.restarts, slowestStopMs, ...countsOf(trial.judgement) };
  const isFine = isFlawless(trial.judgement) && slowestStopMs <= longestStopMs;
  explainFlaws(trial).forEach(say);
  say(describeAttempts(trial));
  strangeAnswers(trial).forEach(say);
  process.stdout.write(`${json ? JSON.stringify(result) : formatResult(result)}\n`);
  return isFine ? 0 : 1;
}

function trialOptions(
  { seed, rate, once, logs }: Options,
  { signal, say }: Run,
): Omit<TrialOptions, 'ordeal'> {
  return {
    seed,
    perSecond: rate,
    once,
    drainLimitMs,
    say,
    signal,
    ...(logs !== undefined && { logDir: logs }),
  };
}

/** Faults and diners follow the seed; what the processes make of it is up to the machine. */
function sameAgain({ seed, seconds, rate, only, once }: Options): string {
  const some = only.length > 0 ? ` --only ${only.join(',')}` : '';
  const unsafe = once.length > 0 ? ` --once ${once.join(',')}` : '';
  return `The same again: npm run chaos -- --seed ${seed} --seconds ${seconds} --rate ${rate}${some}${unsafe}`;
}

function formatResult(result: object): string {
  return Object.entries(result)
    .map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : value}`)
    .join('\n');
}

process.exit(
  await runTrial({
    name: 'chaos',
    usage,
    schema,
    run: (options, run) =>
      options.restarts === undefined
        ? chaos(options, run)
        : restarts({ ...options, restarts: options.restarts }, run),
  }),
);
