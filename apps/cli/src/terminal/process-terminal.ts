import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { CommandFailure, exitCodes } from '../session/command-failure.ts';
import type { Terminal } from './terminal.ts';

const widthIfUnknown = 80;

/** The terminal of this process. @param colourless NO_COLOR (https://no-color.org) */
export function processTerminal({ colourless }: { colourless: boolean }): Terminal {
  const { stdin, stdout, stderr } = process;
  const canAsk = stdin.isTTY && stderr.isTTY;
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    drained: async () => {
      if (stdout.writableNeedDrain) await once(stdout, 'drain');
    },
    width: stdout.isTTY ? stdout.columns || widthIfUnknown : undefined,
    hasColours: stdout.isTTY && !colourless,
    screen: stderr.isTTY ? { width: stderr.columns || widthIfUnknown, hasColours: !colourless } : undefined,
    ask: canAsk ? ask : undefined,
    onInterrupt(listener) {
      process.on('SIGINT', listener);
      return { [Symbol.dispose]: () => void process.off('SIGINT', listener) };
    },
  };
}

/** An end of the input is an empty answer. */
async function ask(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  lines.once('SIGINT', () => reject(new CommandFailure(exitCodes.interrupted, 'Nothing was changed.')));
  lines.once('close', () => resolve(''));
  lines.question(question, resolve);
  try {
    return await promise;
  } finally {
    lines.close();
  }
}
