import { describeExit, spawnChild, type Child, type Exit } from './child.ts';
import type { Environment } from '../environment.ts';
import { isPortFree } from '../stack/free-port.ts';
import { RecentOutput, type OutputStream } from './recent-output.ts';
import { compileCache, repositoryRoot } from '../repository.ts';
import { waitUntil } from './wait-until.ts';

/** A process did not get ready. `lines` is what it said itself, ready for a person to read. */
export class ProcessStartError extends Error {
  override readonly name = 'ProcessStartError';
  readonly process: string;
  readonly lines: readonly string[];

  constructor(process: string, what: string, lines: readonly string[]) {
    super([`${process} ${what}`, ...lines].join('\n  '));
    this.process = process;
    this.lines = lines;
  }
}

export type ProcessOptions = {
  /** How it is called in messages, such as `worker-2`. */
  name: string;
  /** The script Node runs, as an absolute path. */
  script: string;
  args?: string[];
  /** All it gets besides PATH, HOME and NODE_COMPILE_CACHE: nothing of our own environment leaks in. */
  env: Environment;
  /** Answers 200 once the process can work. */
  readyUrl: string;
  /** Where it serves; default: the origin of `readyUrl`. */
  url?: string;
  /** Default 30 s. */
  readyTimeoutMs?: number;
  /** After SIGTERM, before SIGKILL. Default 10 s. */
  stopDeadlineMs?: number;
  /** Written anew, then kept over restarts. */
  logFile?: string;
  onLine?: (line: string, stream: OutputStream) => void;
  /** Gives the start up. */
  signal?: AbortSignal;
};

/** A Node.js process that is ready, and everything a test or a supervisor does to it. Disposing it is `stop()`. */
export type ManagedProcess = AsyncDisposable & {
  readonly name: string;
  /** Of the present life; it changes with `restart`. */
  readonly pid: number;
  /** Where it serves, such as `http://127.0.0.1:4000`. */
  readonly url: string;
  /** How the present life ends. Never rejects. */
  readonly exited: Promise<Exit>;
  /** Sends a signal and does not wait; `exited` resolves if it was fatal. */
  kill(signal: NodeJS.Signals): void;
  /** Stops it if it runs, starts it again with the same settings plus these, and waits until it is ready. */
  restart(env?: Environment): Promise<void>;
  /** SIGTERM, then SIGKILL after the deadline. Harmless when it has ended. */
  stop(): Promise<Exit>;
  /** What it wrote lately (in this life), both streams, oldest first. */
  logs(): string;
};

/**
 * Starts a Node.js script and waits until it is ready.
 * @throws ProcessStartError with its own last lines when it ends first or is not ready in time; nothing is left running
 */
export async function startProcess(options: ProcessOptions): Promise<ManagedProcess> {
  const output = new RecentOutput(options);
  let env = options.env;
  let child: Child;
  let isClosed = false;

  async function start(): Promise<void> {
    if (isClosed) throw new Error(`${options.name} is closed`);
    await refuseTakenPort(options);
    output.forget();
    child = await spawnChild({
      command: process.execPath,
      args: [options.script, ...(options.args ?? [])],
      cwd: repositoryRoot,
      env: { NODE_COMPILE_CACHE: compileCache, ...env },
      output,
    });
    try {
      await untilReady(options, child, output);
    } catch (error) {
      await stop();
      throw error;
    }
  }

  async function stop(): Promise<Exit> {
    return child.stop(options.stopDeadlineMs ?? 10_000);
  }

  async function close(): Promise<void> {
    isClosed = true;
    await stop();
    output[Symbol.dispose]();
  }

  try {
    await start();
  } catch (error) {
    output[Symbol.dispose]();
    throw error;
  }
  return {
    name: options.name,
    url: options.url ?? new URL(options.readyUrl).origin,
    get pid() {
      return child.pid;
    },
    get exited() {
      return child.exited;
    },
    kill: (signal) => child.kill(signal),
    async restart(more = {}) {
      env = { ...env, ...more };
      await stop();
      await start();
    },
    stop,
    logs: () => output.text(),
    [Symbol.asyncDispose]: close,
  };
}

/** The process that has the port would answer in place of ours and make it look ready. */
async function refuseTakenPort(options: ProcessOptions): Promise<void> {
  const { port } = new URL(options.readyUrl);
  if (await isPortFree(Number(port))) return;
  throw new ProcessStartError(options.name, `cannot start: port ${port} is in use`, []);
}

async function untilReady(options: ProcessOptions, child: Child, output: RecentOutput): Promise<void> {
  const timeoutMs = options.readyTimeoutMs ?? 30_000;
  let lastAnswer = 'it did not answer';
  let answeredSince = Date.now();
  let ended: Exit | undefined;
  const ending = child.exited.then((exit) => (ended = exit));

  async function isReadyOrEnded(): Promise<boolean> {
    const answer = await Promise.race([ask(options.readyUrl), ending]);
    if (ended || typeof answer !== 'string') return true;
    if (answer !== lastAnswer) answeredSince = Date.now();
    lastAnswer = answer;
    return answer === 'ready' || (answer.startsWith(notReady) && Date.now() - answeredSince > patienceMs);
  }

  try {
    await waitUntil(isReadyOrEnded, {
      timeoutMs,
      describe: () => lastAnswer,
      ...(options.signal && { signal: options.signal }),
    });
  } catch {
    const why = options.signal?.aborted
      ? 'was given up before it was ready'
      : `was not ready after ${timeoutMs / 1000} s`;
    throw new ProcessStartError(options.name, `${why}: ${lastAnswer}`, lastOutput(output));
  }
  if (lastAnswer.startsWith(notReady)) throw new ProcessStartError(options.name, lastAnswer, []);
  if (ended) {
    throw new ProcessStartError(
      options.name,
      `ended before it was ready (${describeExit(ended)})`,
      lastOutput(output),
    );
  }
}

/** What a process wrote to stderr is meant for people; its log on stdout is second best. */
function lastOutput(output: RecentOutput): string[] {
  const errors = output.last('stderr', 20);
  return errors.length > 0 ? errors : output.last('stdout', 5);
}

const notReady = 'is not ready: ';
/** A process that has given the same reasons for so long will not get over them by itself. */
const patienceMs = 8_000;

function reasonsIn(body: string): string[] {
  try {
    const { reasons } = JSON.parse(body) as { reasons?: unknown };
    return Array.isArray(reasons) ? reasons.map(String) : [];
  } catch {
    return [];
  }
}

/** "ready", or why not yet. */
async function ask(url: string): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    const body = await response.text();
    if (response.status === 200) return 'ready';
    const reasons = reasonsIn(body);
    return reasons.length > 0
      ? `${notReady}${reasons.join(' ')}`
      : `${url} answered ${response.status} ${body.slice(0, 500)}`;
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    return `${url} did not answer (${cause instanceof Error ? cause.message : String(cause)})`;
  }
}
