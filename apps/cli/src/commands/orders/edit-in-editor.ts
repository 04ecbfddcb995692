import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { OrderIn, OrderWithId } from '@proofbox/contract';
import { CommandFailure, exitCodes } from '../../session/command-failure.ts';
import { readOrder } from './edited-order.ts';
import { printable } from '@proofbox/runtime/printable';
import type { Session } from '../../session/session.ts';

/** A person gives up before. */
const mostTries = 20;

/**
 * Opens an order as JSON in the editor of the person at the terminal, again and again until it is a valid one.
 * @throws CommandFailure when the editor fails, or the person gives up
 */
export async function editInEditor({ environment, terminal }: Session, order: OrderWithId): Promise<OrderIn> {
  const editor = environment['VISUAL'] || environment['EDITOR'] || 'vi';
  const folder = await mkdtemp(path.join(tmpdir(), 'proofbox-edit-'));
  const file = path.join(folder, 'order.json');
  try {
    await writeFile(file, `${JSON.stringify(order, undefined, 2)}\n`, { mode: 0o600 });
    for (let tries = 0; tries < mostTries; tries += 1) {
      await openEditor(editor, file);
      const read = readOrder(await readFile(file));
      if (read.order) return read.order;
      terminal.err(
        `This is not a valid order:\n${read.problems.map((each) => `  ${printable(each)}\n`).join('')}`,
      );
      const answer = (await terminal.ask?.('Edit it again? [Y/n] ')) ?? 'n';
      if (/^\s*n/i.test(answer)) break;
    }
    throw new CommandFailure(exitCodes.failed, 'Nothing was changed.');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** An editor may be a command with arguments, such as `code --wait`. */
async function openEditor(editor: string, file: string): Promise<void> {
  const child = spawn('/bin/sh', ['-c', `${editor} "$1"`, 'editor', file], { stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code === 0) return;
  throw new CommandFailure(exitCodes.failed, `The editor (${editor}) failed, so nothing was changed.`);
}
