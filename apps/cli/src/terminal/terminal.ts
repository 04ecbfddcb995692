import { styleText } from 'node:util';

/** Where a command writes, and whom it may ask. `out` is for what was asked for, `err` for everything else. */
export type Terminal = {
  out: (text: string) => void;
  err: (text: string) => void;
  /** Until the reader of `out` has taken it: for what may be larger than the memory. */
  drained: () => Promise<void>;
  /** How many characters a line of the screen holds; undefined where nobody's lines wrap. */
  width: number | undefined;
  /** `out` is a screen, and its owner has nothing against colours. */
  hasColours: boolean;
  /** `err` as a screen, on which a line can be drawn again and again; undefined where it is a file. */
  screen: { width: number; hasColours: boolean } | undefined;
  /** Asks the person at the keyboard; undefined where there is none. @throws CommandFailure on Ctrl-C */
  ask: ((question: string) => Promise<string>) | undefined;
  /** Takes Ctrl-C for the command instead of ending it, until it is disposed of. */
  onInterrupt: (listener: () => void) => Disposable;
};

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow';

/** Styles a text, or leaves it as it is where colours are not wanted. */
export type Paint = (style: Style, text: string) => string;

export function createPaint({ hasColours }: Pick<Terminal, 'hasColours'>): Paint {
  return (style, text) => (hasColours ? styleText(style, text, { validateStream: false }) : text);
}
