import { pino, type Logger } from 'pino';
import { redact, redactText } from './redact.ts';

export type { Logger } from 'pino';

/** A JSON logger on standard output that hides personal data and secrets in every line (see `redact`). */
export function createLogger(options: { service: string; level: string }): Logger {
  return pino({
    level: options.level,
    base: { service: options.service, pid: process.pid },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: {
      level: (label) => ({ level: label }),
      log: (line) => redact(line) as Record<string, unknown>,
    },
    serializers: { err: (error: unknown) => error },
    hooks: {
      logMethod(args, method) {
        const clean = args.map((each) => (typeof each === 'string' ? redactText(each) : each));
        method.apply(this, clean as typeof args);
      },
    },
  });
}
