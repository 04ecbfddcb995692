import type { FactoryView, Overview, Warning } from '@proofbox/contract/admin';
import { balanceOf } from './balance.ts';
import { columns, indented } from '../../terminal/columns.ts';
import { pauseLabel } from './queue-view.ts';
import { styleOfCondition } from './factory-view.ts';
import { counted, inGroups } from '../../terminal/format-number.ts';
import { printable } from '@proofbox/runtime/printable';
import type { Paint } from '../../terminal/terminal.ts';
import { formatSpan, formatTime } from '../../terminal/format-time.ts';
import { wrapped } from '../../terminal/wrapped.ts';

type ViewOptions = { paint: Paint; now: number; width: number | undefined };

/** How everything is, in numbers and in one sentence. */
export function statsView(shown: Overview, options: ViewOptions): string {
  const overview = printable(shown);
  const { paint, now, width } = options;
  const sections = [
    `${paint('bold', 'Orders')}\n${indented(orders(overview))}`,
    columns({ rows: facts(overview, options), paint }),
    wrapped(balance(overview, paint), width),
    ...(overview.queuePause.isPaused
      ? [wrapped(pauseLabel(overview.queuePause, { paint, now }), width)]
      : []),
    ...(overview.warnings.length === 0
      ? []
      : [overview.warnings.map((each) => wrapped(warningLine(each, paint), width)).join('\n')]),
  ];
  return `${sections.join('\n\n')}\n`;
}

function warningLine({ level, text }: Warning, paint: Paint): string {
  return `${paint(level === 'critical' ? 'red' : 'yellow', '•')} ${text}`;
}

function orders({ accepted, counts: c, acceptedPerSecond, fulfilledPerSecond }: Overview): string {
  const rows: [string, number, string][] = [
    ['accepted', accepted, perSecond(acceptedPerSecond)],
    ['fulfilled', c.fulfilled, perSecond(fulfilledPerSecond)],
    ['pending', c.queued + c.baking, `${inGroups(c.queued)} queued, ${inGroups(c.baking)} baking`],
    ['held', c.held, ''],
    ['dead', c.dead, ''],
    ['discarded', c.discarded, ''],
  ];
  const paint: Paint = (_style, text) => text;
  return columns({ rows: rows.map(([name, n, more]) => [name, inGroups(n), more]), paint, numbers: [1] });
}

function perSecond(rate: number): string {
  return rate === 0 ? '' : `${rate < 10 ? rate.toFixed(1) : inGroups(Math.round(rate))} a second`;
}

function facts(overview: Overview, { paint, now }: ViewOptions): string[][] {
  const { oldestPendingAt, secondsToEmpty, workers, factories } = overview;
  const oldest =
    oldestPendingAt === undefined ? 'nothing is pending' : formatTime(Date.parse(oldestPendingAt), now);
  const title = (text: string): string => paint('bold', text);
  return [
    [title('Oldest pending'), oldest],
    ...(secondsToEmpty === undefined
      ? []
      : [[title('Empty in'), `about ${formatSpan(Math.ceil(secondsToEmpty) * 1_000)}`]]),
    [title('Workers'), workers === 0 ? paint('red', 'none is alive') : `${inGroups(workers)} alive`],
    [title('Factories'), factories.map((each) => factory(each, paint)).join(', ')],
  ];
}

function factory({ factory: name, condition }: FactoryView, paint: Paint): string {
  return `${name} ${paint(styleOfCondition(condition), condition.replaceAll('_', ' '))}`;
}

function balance(overview: Overview, paint: Paint): string {
  const { balanced, accepted, accountedFor } = balanceOf(overview);
  const { counts: c } = overview;
  const sum = [
    `${inGroups(c.fulfilled)} fulfilled`,
    `${inGroups(c.queued + c.baking)} pending`,
    `${inGroups(c.held)} held`,
    `${inGroups(c.dead)} dead`,
    `${inGroups(c.discarded)} discarded`,
  ].join(' + ');
  if (balanced) return `${paint('green', 'The ledger balances')}: ${inGroups(accepted)} accepted = ${sum}.`;
  const difference = counted(Math.abs(accepted - accountedFor), 'order');
  const trouble = accepted > accountedFor ? `${difference} cannot be found` : `${difference} too many`;
  return `${paint('red', 'The ledger does NOT balance')}: ${inGroups(accepted)} accepted, but ${sum} = ${inGroups(accountedFor)}. ${trouble}.`;
}
