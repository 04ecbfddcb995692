import { spawn } from 'node:child_process';

const living = new Set<number>();

process.once('exit', () => {
  for (const pid of living) killQuietly(pid, 'SIGKILL');
});

/** Waits until the pipe closes, then SIGTERM, ten seconds to stop in order, SIGKILL. */
const guardScript = `
  read -r _
  kill -TERM "$1" || exit
  for tenth in $(seq 100); do sleep 0.1; kill -0 "$1" || exit; done
  kill -KILL "$1"
`;

/**
 * Sees to it that a child process does not outlive this one: killed when this process exits, and stopped (SIGTERM) by a
 * small shell when this process dies without a word (`kill -9`). The shell notices because the pipe it reads closes.
 * Dispose it as soon as the child has ended.
 */
export function guardAgainstOrphan(pid: number): Disposable {
  living.add(pid);
  const guard = spawn('sh', ['-c', guardScript, 'orphan-guard', String(pid)], {
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
