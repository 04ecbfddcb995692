import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { findOnPath } from '@proofbox/local';

/** What the figures were measured on, in a line. */
export function hardware(): string {
  const { model = 'an unknown processor' } = cpus()[0] ?? {};
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  const server = findOnPath('redis-server');
  const redis = server && /v=(\S+)/.exec(execFileSync(server, ['--version'], { encoding: 'utf8' }))?.[1];
  return `${availableParallelism()} cores of ${model.trim()}, ${gigabytes} GB; Node.js ${process.version}, Redis ${redis ?? 'in a container'}, fsync always`;
}
