import { format } from 'node:util';
import { pino, type DestinationStream } from 'pino';
import { escapeControls } from './printable.ts';
import { knownSecrets, redact, redactText } from '../redact/index.ts';

/** A part of a secret: long enough that it is no word which the secret is made of. */
const leastOfKey = 12;

/** Without pino's `child`: what is bound to a child escapes `redact`. */
export type Logger = Pick<pino.Logger, 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace'>;

/**
 * A JSON logger that hides personal data and secrets in every line (see `redact`). Default destination: standard output.
 * @param options.keys secrets that this process has, to be hidden wherever they appear
 */
export function createLogger(
  options: { service: string; level: string; keys?: readonly string[] },
  destination: DestinationStream = pino.destination({ dest: 1, sync: true }),
): Logger {
  const known = [knownSecrets({ keys: options.keys ?? [], leastOfKey })];
  return pino(
    {
      level: options.level,
      base: { service: options.service, pid: process.pid },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: {
        level: (label) => ({ level: label }),
        log: (line) => redact(line, { known }) as Record<string, unknown>,
      },
      serializers: { err: (error: unknown) => error },
      hooks: {
        // A line is read at a terminal, too: `tail -f`.
        streamWrite: escapeControls,
        logMethod(args: unknown[], method) {
          const [fields, ...parts] = hasFields(args) ? args : [{}, ...args];
          const line = fields instanceof Error ? { err: fields } : fields;
          const message = parts.length === 0 ? messageOf(line) : format(...parts.map(cleanObject));
          method.call(this, line, message === undefined ? undefined : redactText(message, { known }));
        },
      },
    },
    destination,
  );
}

function hasFields(args: unknown[]): boolean {
  return typeof args[0] === 'object' && args[0] !== null;
}

/** Texts stay: some secrets take shape only in the whole message, which is cleaned after this. */
function cleanObject(part: unknown): unknown {
  return typeof part === 'string' ? part : redact(part);
}

/** A line that only carries an error says what the error says. */
function messageOf(line: unknown): string | undefined {
  const { err } = line as { err?: unknown };
  return err instanceof Error ? err.message : undefined;
}
