import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export type OutputStream = 'stdout' | 'stderr';

/** How many lines are remembered of a process; the log file has them all. */
const remembered = 2_000;

/** The lines a process wrote: the recent ones in memory, all of them in a log file if one is named. Outlives restarts of the process. */
export class RecentOutput implements Disposable {
  readonly #lines: { stream: OutputStream; text: string }[] = [];
  readonly #onLine: ((line: string, stream: OutputStream) => void) | undefined;
  #logFile: number | undefined;

  constructor(options: {
    /** Written on to: what a process said before it was started again explains why it was. */
    logFile?: string | undefined;
    onLine?: ((line: string, stream: OutputStream) => void) | undefined;
  }) {
    this.#onLine = options.onLine;
    if (options.logFile === undefined) return;
    mkdirSync(path.dirname(options.logFile), { recursive: true, mode: 0o700 });
    this.#logFile = openSync(options.logFile, 'a', 0o600);
  }

  read(stream: OutputStream, source: Readable): void {
    createInterface({ input: source, crlfDelay: Infinity }).on('line', (text) => this.#take(stream, text));
  }

  /** The remembered lines, oldest first. */
  text(): string {
    return this.#lines.map((line) => line.text).join('\n');
  }

  /** The last lines of one stream, without the empty ones. */
  last(stream: OutputStream, count: number): string[] {
    return this.#lines
      .filter((line) => line.stream === stream && line.text.trim() !== '')
      .map((line) => line.text)
      .slice(-count);
  }

  /** The process starts again: what it said before does not explain what happens next. */
  forget(): void {
    this.#lines.length = 0;
  }

  [Symbol.dispose](): void {
    if (this.#logFile !== undefined) closeSync(this.#logFile);
    this.#logFile = undefined;
  }

  #take(stream: OutputStream, text: string): void {
    this.#lines.push({ stream, text });
    if (this.#lines.length > remembered) this.#lines.shift();
    // Written at once, so that the file is complete when the machine or this process dies.
    if (this.#logFile !== undefined) writeSync(this.#logFile, `${text}\n`);
    this.#onLine?.(text, stream);
  }
}
