import { factoryNames, type FactoryName } from '@proofbox/contract';
import { auditFactory, createVerdictBoard, force, type FactoryAuditEntry } from '@proofbox/ledger';
import { Argument, type Command } from 'commander';
import { factoryView } from './factory-view.ts';
import { invocation } from './invocation.ts';
import { printableJson } from './printable.ts';
import type { Session } from './session.ts';
import { toShownFactory } from './shown-factory.ts';
import { createPaint } from './terminal.ts';
import { whyOption } from './why-option.ts';
import { withLedger } from './with-ledger.ts';

type Word = 'open' | 'closed' | 'auto';
type ForceOptions = { why?: string; json?: boolean };

/** `proofbox factory force-open`, `force-close` and `auto` */
export function addFactorySwitches(factory: Command, session: Session): void {
  addSwitch(factory, session, {
    word: 'open',
    name: 'force-open',
    summary: 'send a factory no orders',
    description:
      'Sends this factory no orders from now on, whatever the workers find: for maintenance, or when it bakes badly.\n' +
      'Orders go to the other factory, or wait. Calls that are under way are not broken off.',
    example: 'force-open primary --why "ovens are cleaned until 14:00"',
  }).addOption(whyOption());
  addSwitch(factory, session, {
    word: 'closed',
    name: 'force-close',
    summary: 'send a factory orders whatever happens',
    description:
      'Sends this factory orders from now on, even when they fail: when you know better than the workers.\n' +
      'It still gets the patience it asks for.',
    example: 'force-close primary --why "only the test store fails"',
  }).addOption(whyOption());
  addSwitch(factory, session, {
    word: 'auto',
    name: 'auto',
    summary: 'let the workers decide again',
    description:
      'Takes back what was forced, and gives a factory that is out of service another chance.\n' +
      'A factory that was kept away is tried carefully at first: one order at a time, then two, then four.',
    example: 'auto primary --why "the api key is right now"',
  }).option('--why <text>', 'what changed, for the audit log');
}

function addSwitch(
  factory: Command,
  session: Session,
  about: { word: Word; name: string; summary: string; description: string; example: string },
): Command {
  return factory
    .command(about.name)
    .summary(about.summary)
    .description(
      `${about.description}\nEvery worker goes by it within a second, also after a restart. It is written to the audit log under your user name.`,
    )
    .addArgument(new Argument('<name>', 'the factory').choices(factoryNames))
    .option('--json', 'one JSON value: {changed, factory}; the factory as in `factory list --json`')
    .addHelpText('after', `\nExample:\n  ${invocation} factory ${about.example}\n`)
    .action((name: FactoryName, options: ForceOptions) => forceFactory(session, name, about.word, options));
}

const actions: Record<Word, FactoryAuditEntry['action']> = {
  open: 'force_open',
  closed: 'force_closed',
  auto: 'auto',
};

async function forceFactory(
  session: Session,
  name: FactoryName,
  to: Word,
  { why = 'no reason given', json }: ForceOptions,
): Promise<void> {
  const { terminal, by, now: at } = session;
  await withLedger(session, async ({ redis, names, onError }) => {
    const board = createVerdictBoard({ redis, names, onError });
    await board.refresh();
    const before = board.get(name);
    const verdict = await board.update(name, force({ to, by, why, now: at }));
    const changed = verdict.version > before.version;
    if (changed) await auditFactory({ redis, names }, { at, by, action: actions[to], factory: name, why });
    const factory = toShownFactory(verdict, at);
    if (json) return terminal.out(printableJson({ changed, factory }));
    const view = factoryView(factory, { paint: createPaint(terminal), now: at });
    terminal.out(changed ? view : `Nothing was forced, so nothing changed.\n\n${view}`);
  });
}
