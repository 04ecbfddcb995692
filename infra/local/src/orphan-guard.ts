import { spawn } from 'node:child_process';

const living = new Set<number>();

process.once('exit', () => {
  for (const pid of living) killQuietly(pid, 'SIGKILL');
});

/**
 * Sees to it that a child process does not outlive this one: killed when this process exits, and stopped (SIGTERM) by a
 * small shell when this process dies without a word (`kill -9`). The shell notices because the pipe it reads closes.
 * Dispose it as soon as the child has ended.
 */
export function guardAgainstOrphan(pid: number): Disposable {
  living.add(pid);
  const guard = spawn('sh', ['-c', 'read -r _; kill -TERM "$1"', 'orphan-guard', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.on('error', () => {});
  guard.stdin.on('error', () => {});
  guard.unref();
  unrefPipe(guard.stdin);
  return {
    [Symbol.dispose]() {
      living.delete(pid);
      guard.kill('SIGKILL');
    },
  };
}

/** An open pipe to the guard must not keep this process alive. */
function unrefPipe(pipe: object): void {
  if ('unref' in pipe && typeof pipe.unref === 'function') pipe.unref();
}

function killQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone already.
  }
}
