import type { Terminal } from './terminal.ts';

/** A line of the screen that is drawn again and again. */
export type StatusLine = Disposable & { draw: (text: string) => void };

const clear = '\r\u001b[K';

/** Draws on `err`, so that nothing of it gets into a file; where that is no screen it draws nothing. Disposing clears it. */
export function openStatusLine({ err, screen }: Pick<Terminal, 'err' | 'screen'>): StatusLine {
  let isDrawn = false;
  return {
    draw(text) {
      if (!screen) return;
      err(`${clear}${text}`);
      isDrawn = true;
    },
    [Symbol.dispose]() {
      if (isDrawn) err(clear);
      isDrawn = false;
    },
  };
}
