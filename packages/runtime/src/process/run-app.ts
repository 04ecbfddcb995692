import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { createLogger, type Logger } from '../logging/logger.ts';
import { printableLines } from '../logging/printable.ts';
import { redactText } from '../redact/index.ts';
import { readSettings, secretsIn } from '../settings/read-settings.ts';
import type { ServerSettings } from '../settings/server-settings.ts';
import { SettingsError } from '../settings/settings-error.ts';

/** What closing may take, however long the pause before it was. */
const leastCloseMs = 4_500;

/** EX_SOFTWARE: the supervisor should start a fresh one. */
const crashed = 70;

/** The process cannot start, for a reason a person can act on. `message` is one clear line. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

export type App<S extends z.ZodObject> = {
  name: string;
  settings: S;
  /**
   * Opens everything; what it returns closes it again, in reverse order, and may be called once.
   * `leave` is for a process that cannot go on: it stops as on a signal, and exits with a code that asks for a fresh one.
   * `stopping` aborts as soon as it is to stop.
   */
  start: (
    settings: z.output<S>,
    logger: Logger,
    leave: () => void,
    stopping: AbortSignal,
  ) => Promise<AsyncDisposable>;
  /** How long it goes on serving after SIGTERM, until no more requests are sent to it. Default: 0. */
  shutdownPauseMs?: (settings: z.output<S>) => number;
  /** A stop takes at most this long, or 4.5 s more than the pause, before the process leaves anyway. Default: just below the 10 s of most supervisors. */
  stopDeadlineMs?: number;
};

/**
 * The whole life of a server process: settings, start, wait for a signal, stop.
 * A second signal, or a stop that hangs, ends the process at once: orders are safe in Redis, a process is not worth waiting for.
 */
export async function runApp<S extends z.ZodObject>(app: App<S>): Promise<void> {
  // oxlint-disable-next-line node/no-process-env -- the one place that reads the environment
  const environment = process.env;
  // What it keeps on the disk (outbox, keys) has names, e-mails and receipts in it.
  process.umask(0o077);
  let running: AsyncDisposable;
  let logger: Logger;
  let stop: Stop;
  let pauseMs: number;
  try {
    const settings = readSettings(app.settings, environment);
    const { LOG_LEVEL: level } = settings as ServerSettings;
    logger = createLogger({ service: app.name, level, keys: secretsIn(app.settings, environment) });
    crashLoudly(logger);
    pauseMs = app.shutdownPauseMs?.(settings) ?? 0;
    stop = listenForStop(logger, deadlineFor(app.stopDeadlineMs ?? 9_500, pauseMs));
    running = await app.start(settings, logger, stop.leave, stop.stopping);
  } catch (error) {
    for (const line of startProblems(error)) process.stderr.write(`${app.name}: ${printableLines(line)}\n`);
    process.exit(1);
  }
  const { exitCode, signal } = await stop.asked;
  // Who presses Ctrl-C has no balancer before it.
  if (signal === 'SIGTERM') await sleep(pauseMs);
  await running[Symbol.asyncDispose]();
  logger.info('stopped');
  process.exit(exitCode);
}

function deadlineFor(stopDeadlineMs: number, pauseMs: number): number {
  return pauseMs === 0 ? stopDeadlineMs : Math.max(stopDeadlineMs, pauseMs + leastCloseMs);
}

function startProblems(error: unknown): readonly string[] {
  if (error instanceof SettingsError) return error.problems;
  if (error instanceof StartError) return [error.message];
  return [redactText(error instanceof Error ? (error.stack ?? error.message) : String(error))];
}

/** A bug must not leave a half-alive process behind: it is logged, and the supervisor starts a fresh one. */
function crashLoudly(logger: Logger): void {
  process.on('uncaughtException', (err) => {
    logger.fatal({ err }, 'uncaught exception');
    process.exit(crashed);
  });
}

type Asked = { exitCode: number; signal?: NodeJS.Signals };

/**
 * `asked` resolves on the first signal, also one that comes during the start, or when the process itself wants to leave;
 * `stopping` aborts then.
 */
type Stop = { asked: Promise<Asked>; leave: () => void; stopping: AbortSignal };

/** From the moment a stop is asked for, the process has so long to live. */
function listenForStop(logger: Logger, stopDeadlineMs: number): Stop {
  const { promise: asked, resolve } = Promise.withResolvers<Asked>();
  const stopping = new AbortController();
  function begin(why: object, stop: Asked): void {
    stopping.abort();
    logger.info(why, 'stopping');
    setTimeout(() => {
      logger.error({ stopDeadlineMs }, 'did not stop in time');
      process.exit(1);
    }, stopDeadlineMs);
    resolve(stop);
  }
  function onSignal(signal: NodeJS.Signals): void {
    if (stopping.signal.aborted) process.exit(1);
    begin({ signal }, { exitCode: 0, signal });
  }
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  return {
    asked,
    stopping: stopping.signal,
    leave() {
      if (!stopping.signal.aborted) begin({ by: 'itself' }, { exitCode: crashed });
    },
  };
}
