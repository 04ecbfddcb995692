import { setTimeout as pause } from 'node:timers/promises';
import type { Overview } from '@proofbox/contract/admin';
import { CommandFailure, exitCodes } from '../../session/command-failure.ts';
import { printableJsonLine } from '@proofbox/runtime/printable';
import { statsView } from './stats-view.ts';
import { createPaint, type Terminal } from '../../terminal/terminal.ts';
import { wrapped } from '../../terminal/wrapped.ts';

const everyMs = 1_000;
const home = '\u001b[H';
const clearLine = '\u001b[K';
const clearBelow = '\u001b[J';
const clearScreen = '\u001b[2J';

/** Where updates go: each overview, and that there is none. */
type Show = { overview: (current: Overview) => void; trouble: (message: string) => void };

/**
 * Shows how everything is, anew each second, until Ctrl-C. On a screen it stays in its place; in a file one follows the
 * other. While the API or its Redis is away it says so, and goes on.
 */
export async function watchStats(
  terminal: Terminal,
  { read, json }: { read: () => Promise<Overview>; json: boolean },
): Promise<void> {
  const stop = Promise.withResolvers<'stopped'>();
  using opened = new DisposableStack();
  opened.use(terminal.onInterrupt(() => stop.resolve('stopped')));
  const show = terminal.width !== undefined && !json ? onScreen(terminal) : inFile(terminal, json);
  for (;;) {
    try {
      const current = await Promise.race([read(), stop.promise]);
      if (current === 'stopped') return;
      show.overview(current);
    } catch (error) {
      if (!(error instanceof CommandFailure) || error.exitCode !== exitCodes.unreachable) throw error;
      show.trouble(error.message);
    }
    if ((await Promise.race([pause(everyMs), stop.promise])) === 'stopped') return;
  }
}

function inFile({ out, err, width }: Terminal, json: boolean): Show {
  const paint = createPaint({ hasColours: false });
  return {
    overview: (current) =>
      out(json ? printableJsonLine(current) : `${statsView(current, { paint, now: Date.now(), width })}\n`),
    trouble: (message) => err(`${message}\n`),
  };
}

/** Draws over what was drawn before, line by line, so that nothing flickers. */
function onScreen(terminal: Terminal): Show {
  const { out, width } = terminal;
  const paint = createPaint(terminal);
  let isFirst = true;
  let last = '';
  const draw = (text: string): void => {
    out(`${isFirst ? clearScreen : ''}${home}${text.replaceAll('\n', `${clearLine}\n`)}${clearBelow}`);
    isFirst = false;
  };
  return {
    overview: (current) => {
      last = statsView(current, { paint, now: Date.now(), width });
      draw(last);
    },
    trouble: (message) => draw(`${last}\n${wrapped(`${paint('red', '•')} ${message}`, width)}\n`),
  };
}
