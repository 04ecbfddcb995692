import type { OrderPage } from '@proofbox/contract/admin';
import { inGroups } from '../../terminal/format-number.ts';
import { openStatusLine } from '../../terminal/status-line.ts';
import type { Terminal } from '../../terminal/terminal.ts';

/** Shows that a search for few among many is under way, whenever a page brings nothing to show. */
export async function* withSearchProgress(
  terminal: Terminal,
  pages: AsyncIterable<OrderPage>,
): AsyncGenerator<OrderPage> {
  using line = openStatusLine(terminal);
  let examined = 0;
  for await (const page of pages) {
    examined += page.examined;
    line[Symbol.dispose]();
    yield page;
    if (page.nextCursor !== undefined)
      line.draw(`looked at ${inGroups(examined)} orders, up to ${inGroups(page.remaining)} to go`);
  }
}
