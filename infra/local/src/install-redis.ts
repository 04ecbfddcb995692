import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { cleanEnvironment } from './environment.ts';
import { findOnPath } from './find-on-path.ts';

const run = promisify(execFile);

export function canInstallRedis(): boolean {
  return process.getuid?.() === 0 && findOnPath('apt-get') !== undefined;
}

/**
 * Installs redis-server with apt-get, without its system service.
 * @throws Error with apt-get's own last line
 */
export async function installRedis(): Promise<void> {
  try {
    await apt('update');
    await withoutServices(() => apt('install', '-y', '--no-install-recommends', 'redis-server'));
  } catch (error) {
    const { stderr = '', message } = error as Error & { stderr?: string };
    throw new Error(stderr.trim().split('\n').at(-1) || message, { cause: error });
  }
}

async function apt(...args: string[]): Promise<void> {
  const env = cleanEnvironment({ DEBIAN_FRONTEND: 'noninteractive' });
  // Another run of ours may be installing at this moment.
  await run('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=120', ...args], { env });
}

/** Debian asks this file before it starts a service; 101 says no. */
const policyFile = '/usr/sbin/policy-rc.d';

async function withoutServices(install: () => Promise<void>): Promise<void> {
  const isOurs = !existsSync(policyFile);
  if (isOurs) await writeFile(policyFile, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    await install();
    if (existsSync('/run/systemd/system')) await run('systemctl', ['disable', 'redis-server']);
  } finally {
    if (isOurs) await rm(policyFile, { force: true });
  }
}
