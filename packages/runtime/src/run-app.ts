import type { z } from 'zod';
import { createLogger, type Logger } from './logger.ts';
import { redactText } from './redact.ts';
import { readSettings, SettingsError, type ServerSettings } from './settings.ts';

/** The process cannot start, for a reason a person can act on. `message` is one clear line. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

export type App<S extends z.ZodObject> = {
  name: string;
  settings: S;
  /** Opens everything; what it returns closes it again, in reverse order, and may be called once. */
  start: (settings: z.output<S>, logger: Logger) => Promise<AsyncDisposable>;
  /** A stop takes at most this long before the process leaves anyway. Default: just below the 10 s of most supervisors. */
  stopDeadlineMs?: number;
};

/**
 * The whole life of a server process: settings, start, wait for a signal, stop.
 * A second signal, or a stop that hangs, ends the process at once: orders are safe in Redis, a process is not worth waiting for.
 */
export async function runApp<S extends z.ZodObject>(app: App<S>): Promise<void> {
  // oxlint-disable-next-line node/no-process-env -- the one place that reads the environment
  const environment = process.env;
  let running: AsyncDisposable;
  let logger: Logger;
  let stop: Promise<NodeJS.Signals>;
  try {
    const settings = readSettings(app.settings, environment);
    logger = createLogger({ service: app.name, level: (settings as ServerSettings).LOG_LEVEL });
    crashLoudly(logger);
    stop = stopSignal(logger, app.stopDeadlineMs ?? 9_500);
    running = await app.start(settings, logger);
  } catch (error) {
    for (const line of startProblems(error)) process.stderr.write(`${app.name}: ${line}\n`);
    process.exit(1);
  }
  await stop;
  await running[Symbol.asyncDispose]();
  logger.info('stopped');
  process.exit(0);
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
    process.exit(70);
  });
}

/** Resolves on the first signal, also one that comes during the start. From then on the process has so long to live. */
function stopSignal(logger: Logger, stopDeadlineMs: number): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  let isStopping = false;
  function onSignal(signal: NodeJS.Signals): void {
    if (isStopping) process.exit(1);
    isStopping = true;
    logger.info({ signal }, 'stopping');
    setTimeout(() => {
      logger.error({ stopDeadlineMs }, 'did not stop in time');
      process.exit(1);
    }, stopDeadlineMs);
    resolve(signal);
  }
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  return promise;
}
