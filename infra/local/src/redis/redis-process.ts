import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describeExit, spawnChild, type Child, type Exit } from '../process/child.ts';
import type { Environment } from '../environment.ts';
import { freePort, isPortFree } from '../stack/free-port.ts';
import { RecentOutput } from '../process/recent-output.ts';
import { redisConf } from '../repository.ts';
import { untilRedisReady } from './redis-ready.ts';
import type { Redis } from './redis.ts';

/** Redis writes what it holds in memory when it stops; a large one takes a while, and so does loading it. */
const stopDeadlineMs = 30_000;
const readyTimeoutMs = 60_000;

/**
 * Runs a Redis server of our own on 127.0.0.1, with `infra/redis/redis.conf`. Its log is `redis.log` in its directory.
 * @throws Error in one line, with Redis's own last lines, when it does not get ready
 */
export async function startRedisProcess(options: {
  program: string;
  port: number | undefined;
  /** Kept. Without one, a temporary directory that goes with the server. */
  dataDir: string | undefined;
  args: string[] | undefined;
  env: Environment | undefined;
}): Promise<Redis> {
  const port = options.port ?? (await freePort());
  const dir = options.dataDir ?? (await mkdtemp(path.join(tmpdir(), 'proofbox-redis-')));
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const output = new RecentOutput({ logFile: path.join(dir, 'redis.log') });
  const url = `redis://127.0.0.1:${port}`;
  const located = ['--port', String(port), '--dir', dir, '--daemonize', 'no', '--logfile', ''];
  let child: Child;
  let isClosed = false;

  async function start(): Promise<void> {
    if (isClosed) throw new Error('this Redis is closed');
    // The process that has the port might be a Redis, too, and answer in place of ours.
    if (!(await isPortFree(port))) throw new Error(`Redis cannot start: port ${port} is in use`);
    child = await spawnChild({
      command: options.program,
      args: [redisConf, ...located, ...(options.args ?? [])],
      ...(options.env && { env: options.env }),
      cwd: dir,
      output,
    });
    await untilReadyOrEnded(child, url, output);
  }

  async function removeTraces(): Promise<void> {
    output[Symbol.dispose]();
    if (options.dataDir === undefined) await rm(dir, { recursive: true, force: true });
  }

  try {
    await start();
  } catch (error) {
    await removeTraces();
    throw error;
  }
  return {
    source: 'process',
    url,
    port,
    dataDir: dir,
    get pid() {
      return child.pid;
    },
    get exited() {
      return child.exited;
    },
    async kill(signal) {
      child.kill(signal);
    },
    async restart() {
      await child.stop(stopDeadlineMs);
      await start();
    },
    logs: () => output.text(),
    async [Symbol.asyncDispose]() {
      isClosed = true;
      await child.stop(stopDeadlineMs);
      await removeTraces();
    },
  };
}

async function untilReadyOrEnded(child: Child, url: string, output: RecentOutput): Promise<void> {
  const lost = new AbortController();
  void child.exited.then((exit: Exit) => lost.abort(new Error(`ended with ${describeExit(exit)}`)));
  try {
    await untilRedisReady(url, { timeoutMs: readyTimeoutMs, signal: lost.signal });
  } catch (error) {
    await child.stop(stopDeadlineMs);
    const lastLines = output
      .last('stdout', 3)
      .concat(output.last('stderr', 3))
      .map((line) => line.trim());
    throw new Error(`Redis did not start: ${(error as Error).message}. ${lastLines.join(' / ')}`, {
      cause: error,
    });
  }
}
