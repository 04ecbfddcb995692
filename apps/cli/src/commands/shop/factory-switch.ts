import { factoryNames, type FactoryName } from '@proofbox/contract';
import { factoryView as factorySchema, type FactorySwitch } from '@proofbox/contract/admin';
import { Argument, type Command } from 'commander';
import { openApi } from '../../api/open-api.ts';
import { confirm, yesOption } from '../../terminal/confirm.ts';
import { factoryView } from './factory-view.ts';
import { addFormatOptions, type FormatOptions } from '../../options/format-options.ts';
import { invocation } from '../../session/invocation.ts';
import { printableJson } from '@proofbox/runtime/printable';
import type { Session } from '../../session/session.ts';
import { createPaint } from '../../terminal/terminal.ts';
import { whyOption } from '../../options/why-option.ts';

type SwitchOptions = FormatOptions & { why: string; yes?: boolean };

/** One of the switches; `question`: what is asked first, where it takes something away. */
type Switch = {
  to: FactorySwitch;
  name: string;
  summary: string;
  description: string;
  example: string;
  question?: (factory: FactoryName) => string;
};

/** `proofbox factory off`, `keep-on` and `auto` */
export function addFactorySwitches(factory: Command, session: Session): void {
  for (const about of switches) addSwitch(factory, session, about);
}

const switches: Switch[] = [
  {
    to: 'open',
    name: 'off',
    summary: 'send a factory no orders',
    description:
      'Sends this factory no orders from now on, whatever the workers find: for maintenance, or when it bakes badly. ' +
      'Orders go to the other factory, or wait. Calls that are under way go on to their end.',
    example: 'off primary --why "ovens are cleaned"',
    question: (factory) => `Send the ${factory} no orders until an operator says auto?`,
  },
  {
    to: 'closed',
    name: 'keep-on',
    summary: 'send a factory orders whatever happens',
    description:
      'Sends this factory orders from now on, even when they fail: for when you know better than the workers. If the factory asks the workers to wait, they still do.',
    example: 'keep-on primary --why "only the test store fails"',
    question: (factory) => `Send the ${factory} orders whatever happens, until an operator says auto?`,
  },
  {
    to: 'auto',
    name: 'auto',
    summary: 'let the workers decide again',
    description:
      'Ends `off` or `keep-on`. The workers try a factory that is open or out of service at once. ' +
      'They start carefully with a factory that got no orders: one order at a time, then two, then four.',
    example: 'auto primary --why "the api key is right now"',
  },
];

function addSwitch(factory: Command, session: Session, about: Switch): void {
  const command = factory
    .command(about.name)
    .summary(about.summary)
    .description(
      `${about.description}\n\nEvery worker follows the switch within a second, and after a restart, too. The audit log names you.`,
    )
    .addArgument(new Argument('<name>', 'the factory').choices(factoryNames))
    .addOption(whyOption());
  if (about.question) command.addOption(yesOption());
  addFormatOptions(command, { json: 'the factory, as in `factory list --json`' })
    .addHelpText('after', `\nExample:\n  ${invocation} factory ${about.example}\n`)
    .action((name: FactoryName, options: SwitchOptions) => switchFactory(session, { name, about, options }));
}

async function switchFactory(
  session: Session,
  { name, about, options }: { name: FactoryName; about: Switch; options: SwitchOptions },
): Promise<void> {
  const { terminal, now } = session;
  const { why, yes, json } = options;
  const api = openApi(session);
  if (about.question) await confirm(terminal, { question: about.question(name), yes });
  const factory = await api.post(`/api/factories/${name}/switch`, factorySchema, { to: about.to, why });
  const view = { paint: createPaint(terminal), now };
  terminal.out(json ? printableJson(factory) : factoryView(factory, view));
}
