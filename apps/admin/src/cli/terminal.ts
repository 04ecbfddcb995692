import { styleText } from 'node:util';

/** Where a command writes. `out` is for what was asked for, `err` for everything else. */
export type Terminal = {
  out: (text: string) => void;
  err: (text: string) => void;
  /** How many characters a line of the screen holds; undefined where nobody's lines wrap. */
  width: number | undefined;
  /** `out` is a screen, and its owner has nothing against colours. */
  hasColours: boolean;
};

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow';

/** Styles a text, or leaves it as it is where colours are not wanted. */
export type Paint = (style: Style, text: string) => string;

export function createPaint({ hasColours }: Pick<Terminal, 'hasColours'>): Paint {
  return (style, text) => (hasColours ? styleText(style, text, { validateStream: false }) : text);
}
