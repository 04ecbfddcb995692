import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { constants } from 'node:os';
import type { Exit } from '../process/child.ts';
import { freePort } from '../stack/free-port.ts';
import { redisConf } from '../repository.ts';
import { untilRedisReady } from './redis-ready.ts';
import type { Redis } from './redis.ts';

const readyTimeoutMs = 60_000;
const stopDeadlineMs = 30_000;

/** Whether a container runtime (Docker, Podman, …) answers on this machine. */
export async function hasContainerRuntime(): Promise<boolean> {
  const { getContainerRuntimeClient } = await import('testcontainers');
  return getContainerRuntimeClient().then(
    () => true,
    () => false,
  );
}

/**
 * Runs Redis in a container, on a fixed port of this machine so that it keeps its address over a restart.
 * The port is open to the network (Docker publishes it so), therefore it gets a password; `url` has it.
 * @throws Error from the container runtime: no runtime, no such image, never ready
 */
export async function startRedisContainer(options: {
  image: string;
  port: number | undefined;
  /** Bound into the container and kept. Without one, the data goes with the container. */
  dataDir: string | undefined;
}): Promise<Redis> {
  const { GenericContainer, getContainerRuntimeClient, Wait } = await import('testcontainers');
  const port = options.port ?? (await freePort());
  const password = randomBytes(24).toString('hex');

  const wanted = new GenericContainer(options.image)
    // Its clean-up container would need a second image; we remove ours ourselves.
    .withAutoCleanup(false)
    .withExposedPorts({ container: 6379, host: port })
    .withCopyFilesToContainer([{ source: redisConf, target: '/proofbox/redis.conf', mode: 0o644 }])
    .withCommand([
      'redis-server',
      '/proofbox/redis.conf',
      '--bind',
      '0.0.0.0',
      '--requirepass',
      password,
      '--dir',
      options.dataDir === undefined ? '/tmp' : '/data',
    ])
    .withWaitStrategy(Wait.forLogMessage('Ready to accept connections'));
  if (options.dataDir !== undefined) {
    await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
    wanted.withBindMounts([{ source: options.dataDir, target: '/data' }]).withUser(ownUser());
  }
  const container = await wanted.start();
  const runtime = await getContainerRuntimeClient();
  const handle = runtime.container.getById(container.getId());
  const url = `redis://:${password}@${container.getHost()}:${port}`;

  let log = '';
  async function followLog(): Promise<void> {
    log = '';
    const stream = await runtime.container.logs(handle);
    stream.on('data', (data) => (log += String(data)));
  }

  let exited = untilExit(handle);

  async function stop(): Promise<void> {
    // One that was frozen (SIGSTOP) would not see the signal to stop.
    await handle.kill({ signal: 'SIGCONT' }).catch(() => {});
    await runtime.container.stop(handle, { timeout: stopDeadlineMs });
  }

  async function close(): Promise<void> {
    await stop();
    await runtime.container.remove(handle, { removeVolumes: true });
  }

  async function untilReady(): Promise<void> {
    await followLog();
    await untilRedisReady(url, { timeoutMs: readyTimeoutMs });
  }

  try {
    await untilReady();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    source: 'container',
    url,
    port,
    dataDir: options.dataDir,
    pid: undefined,
    get exited() {
      return exited;
    },
    async kill(signal) {
      await handle.kill({ signal });
    },
    async restart() {
      await stop();
      await handle.start();
      exited = untilExit(handle);
      await untilReady();
    },
    logs: () => log,
    [Symbol.asyncDispose]: close,
  };
}

/** A container that died of a signal ends with 128 and the signal's number. */
async function untilExit(container: { wait(): Promise<unknown> }): Promise<Exit> {
  const end = (await container.wait().catch(() => undefined)) as { StatusCode: number } | undefined;
  const code = end?.StatusCode ?? null;
  const [signal] = Object.entries(constants.signals).find(([, number]) => 128 + number === code) ?? [];
  return signal === undefined ? { code, signal: null } : { code: null, signal: signal as NodeJS.Signals };
}

/** The files in a bound directory belong to us, not to the image's user. */
function ownUser(): string {
  return `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
}
