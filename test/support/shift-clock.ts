import { readFileSync } from 'node:fs';

/**
 * Loaded into a process before its own code: its clock is off by as many ms as the file CLOCK_SHIFT_FILE says, which may
 * change at any time. Monotonic time and timers run as ever, as with a machine whose clock is set.
 */
// oxlint-disable-next-line node/no-process-env -- the only way to tell something to it
const file = process.env['CLOCK_SHIFT_FILE']!;
const RealDate = Date;
let shiftMs = read();
setInterval(() => (shiftMs = read()), 20).unref();

function read(): number {
  return Number(readFileSync(file, 'utf8'));
}

globalThis.Date = class extends RealDate {
  constructor(...args: unknown[]) {
    if (args.length === 0) super(RealDate.now() + shiftMs);
    else super(...(args as [number]));
  }

  static override now(): number {
    return RealDate.now() + shiftMs;
  }
} as DateConstructor;
