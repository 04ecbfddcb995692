import type { Terminal } from '../terminal/terminal.ts';

/** One run of the command line, and all it takes from the process around it. */
export type Session = {
  environment: Record<string, string | undefined>;
  terminal: Terminal;
  /** ms since the epoch: what ages are counted from. */
  now: number;
};
