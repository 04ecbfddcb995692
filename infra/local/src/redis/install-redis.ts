import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { install } from '../apt-get.ts';

const run = promisify(execFile);

/**
 * Installs redis-server with apt-get, without its system service.
 * @throws Error with the last line of what went wrong
 */
export async function installRedis(): Promise<void> {
  await withoutServices(() => install('redis-server'));
}

/** Debian asks this file before it starts a service; 101 says no. */
const policyFile = '/usr/sbin/policy-rc.d';

async function withoutServices(installIt: () => Promise<void>): Promise<void> {
  const isOurs = !existsSync(policyFile);
  if (isOurs) await writeFile(policyFile, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    await installIt();
    if (existsSync('/run/systemd/system')) await run('systemctl', ['disable', 'redis-server']);
  } finally {
    if (isOurs) await rm(policyFile, { force: true });
  }
}
