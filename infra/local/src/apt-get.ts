import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { cleanEnvironment } from './environment.ts';
import { findOnPath } from './find-on-path.ts';

const run = promisify(execFile);

/** Whether programs can be installed here without asking anybody. */
export function canInstall(): boolean {
  return process.getuid?.() === 0 && findOnPath('apt-get') !== undefined;
}

/**
 * Installs packages with apt-get.
 * @throws Error with apt-get's own last line
 */
export async function install(...packages: string[]): Promise<void> {
  try {
    await apt('update');
    await apt('install', '-y', '--no-install-recommends', ...packages);
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
