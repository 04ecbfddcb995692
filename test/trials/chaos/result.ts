import type { OrderRecord } from '@proofbox/contract';
import { describeStrike, type Strike } from './strike.ts';
import type { Trial } from './trial.ts';
import { flawsOf, type Judgement } from './judge.ts';

/** What every run counts, by the names of `--json`. */
export function countsOf(judgement: Judgement): Record<string, number> {
  const { accepted, fulfilled, dead } = judgement;
  return {
    accepted,
    fulfilled,
    dead,
    lost: judgement.lost.length,
    duplicateReceipts: judgement.duplicateReceipts.length,
    duplicateOrders: judgement.duplicateOrders.length,
    bakedTwice: judgement.bakedTwice.length,
    reconcileDifference: judgement.differences.length,
  };
}

const mostShown = 20;

/** Every flaw, with all that is known of its order; empty when there is none. */
export function explainFlaws({ judgement, evidence, purchases }: Trial): string[] {
  const flaws = flawsOf(judgement);
  const records = new Map(evidence.books.records.map((record) => [record.id, record]));
  const told = flaws.slice(0, mostShown).flatMap(({ what, why }) => {
    const record = records.get(what);
    const answers = purchases
      .filter((purchase) => purchase.answers.some((answer) => answer.orderId === what))
      .map(({ key, answers: all }) => `  answers to ${key}: ${all.map(({ status }) => status).join(', ')}`);
    return [`${what}: ${why}`, ...(record ? storyOf(record) : []), ...answers];
  });
  return flaws.length > mostShown ? [...told, `… and ${flaws.length - mostShown} more.`] : told;
}

/** How attempts ended, and why orders were put aside: what the run has put to the test. */
export function describeAttempts({ evidence }: Pick<Trial, 'evidence'>): string {
  const { records } = evidence.books;
  const attempts = records.flatMap((record) => record.attempts);
  const outcomes = attempts.map(({ outcome, late }) => (late ? 'late' : (outcome ?? 'open')));
  const reasons = records.flatMap(({ state, reason }) => (state === 'fulfilled' ? [] : (reason ?? [])));
  return `${tally(outcomes, 'attempts')} ${tally(reasons, 'put aside')}`;
}

function tally(all: readonly string[], what: string): string {
  const told = [...Map.groupBy(all, (each) => each)].map(([each, same]) => `${same.length} ${each}`);
  return `${all.length} ${what}${told.length > 0 ? `: ${told.join(', ')}` : ''}.`;
}

/** The schedule, so that it can be read beside the flaws. */
export function explainSchedule(schedule: readonly Strike[]): string[] {
  return ['The schedule:', ...schedule.map((strike) => `  ${describeStrike(strike)}`)];
}

/** Answers that a shop in trouble may not give either: whatever is neither taken, nor a 503, nor silence. */
export function strangeAnswers({ purchases }: Trial): string[] {
  const strange = purchases
    .flatMap(({ answers }) => answers)
    .filter(({ status }) => ![0, 200, 202, 503].includes(status))
    .map(({ status, message }) => `${status} ${message}`);
  const counted = Map.groupBy(strange, (each) => each);
  return [...counted].map(([answer, all]) => `Strange answer, ${all.length} times: ${answer}`);
}

function storyOf(record: OrderRecord): string[] {
  const { state, reason, acceptedAt } = record;
  return [
    `  ${state}${reason === undefined ? '' : ` (${reason})`}, accepted at ${new Date(acceptedAt).toISOString()}`,
    ...record.attempts.map((attempt) => {
      const { n, factory, worker, startedAt, endedAt, outcome = 'under way', detail = '', late } = attempt;
      const lasted = endedAt === undefined ? '' : ` for ${endedAt - startedAt} ms`;
      const begun = new Date(startedAt).toISOString();
      return `  ${n}. ${factory} by ${worker} at ${begun}${lasted}: ${outcome}${late ? ' (late)' : ''} ${detail}`;
    }),
  ];
}
