import type { Exit } from '../process/child.ts';

/** A Redis that answers. Disposing it stops one that was started here and leaves any other alone. */
export type Redis = AsyncDisposable & {
  /** `external`: it was there before (REDIS_URL); it cannot be killed or restarted from here. */
  readonly source: 'process' | 'container' | 'external';
  /** With the password, if it has one. */
  readonly url: string;
  readonly port: number;
  /** Of a server process started here; it changes with `restart`. */
  readonly pid: number | undefined;
  /** Where its append-only file is, when this machine can reach it. */
  readonly dataDir: string | undefined;
  /** How its present life ends. Never settles for an external one. */
  readonly exited: Promise<Exit>;
  /** Sends a signal, such as SIGKILL or SIGSTOP, and does not wait for its effect. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Stops it if it runs, starts it again on the same port and directory, and waits until PING is answered. */
  restart(): Promise<void>;
  /** What it wrote lately. */
  logs(): string;
};
