import {
  factoryNames,
  orderStates,
  deadLetterReasons,
  type FactoryName,
  type OrderState,
  type DeadLetterReason,
} from '@proofbox/contract';
import { orderFilter, type OrderFilter } from '@proofbox/contract/admin';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { badUsage } from '../session/command-failure.ts';
import { listOption } from './list-option.ts';
import { readMoment } from './moment.ts';

export type FilterOptions = {
  state?: OrderState[];
  reason?: DeadLetterReason[];
  factory?: FactoryName;
  diner?: string;
  store?: string;
  text?: string;
  from?: string;
  to?: string;
};

const heading = 'Which orders:';
const deadStates = ['dead', 'held'] as const;

/** The conditions of a search as options. `of`: dead letters only, or orders in any state. */
export function addFilterOptions(
  command: Command,
  { of, now }: { of: 'dead' | 'any'; now: number },
): Command {
  const states = of === 'dead' ? deadStates : orderStates;
  const options = [
    listOption('--state <states>', 'the states they are in', states),
    listOption('--reason <reasons>', 'why they became dead letters', deadLetterReasons),
    new Option('--factory <name>', 'the factory of their last attempt').choices(factoryNames),
    new Option('--diner <id>', "the diner's id").argParser(checkText('diner')),
    new Option('--store <id>', "the store's id").argParser(checkText('store')),
    new Option('--text <part>', 'a part of the error of their last attempt').argParser(checkText('text')),
    new Option('--since, --from <time>', 'from this time on: 2h or 3d (ago), or an ISO 8601 time').argParser(
      (text: string) => readMoment(text, now),
    ),
    new Option('--to <time>', 'before this time, in the same formats').argParser((text: string) =>
      readMoment(text, now),
    ),
  ];
  for (const option of options) command.addOption(option.helpGroup(heading));
  return command;
}

/** Whether any condition was given at all. */
export function hasFilter(options: FilterOptions): boolean {
  return Object.keys(orderFilter.shape).some((name) => options[name as keyof FilterOptions] !== undefined);
}

/**
 * The filter that the options make. Without a state it asks for dead letters, where it is `of` them.
 * @throws CommandFailure for a filter that can never match: an empty list would look as if all were well
 */
export function filterOf(options: FilterOptions, of: 'dead' | 'any'): OrderFilter {
  const given = Object.keys(orderFilter.shape).flatMap((name) => {
    const value = options[name as keyof FilterOptions];
    return value === undefined ? [] : [[name, value]];
  });
  const filter = {
    ...(of === 'dead' && { state: [...deadStates] }),
    ...Object.fromEntries(given),
  } as OrderFilter;
  checkCombination(options);
  return filter;
}

function checkCombination({ state, reason, from, to }: FilterOptions): void {
  if (from !== undefined && to !== undefined && from >= to)
    throw badUsage('--from has to be before --to: nothing lies between them.');
  if (state === undefined || reason === undefined) return;
  const possible = reason.map((each) => (each === 'unknown_outcome' ? 'held' : 'dead'));
  if (possible.some((each) => state.includes(each)) || state.includes('discarded')) return;
  throw badUsage(
    `--reason ${reason.join(',')} is always ${possible[0]}: leave out --state ${state.join(',')}.`,
  );
}

function checkText(name: 'diner' | 'store' | 'text'): (text: string) => string {
  return (text) => {
    if (orderFilter.shape[name].safeParse(text).success) return text;
    throw new InvalidArgumentError('Expected 1 to 200 characters.');
  };
}
