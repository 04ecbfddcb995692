/** Node.js ends the report of a crash with its version, after the stack; neither says what went wrong. */
const sayNothing = /^\s|^Node\.js v|^$/;

/** Why a process died, as far as its output shows: its last line that says something. Of a line of JSON log, its message. */
export function lastOutput(output: string): string {
  const line = output.split('\n').findLast((each) => !sayNothing.test(each)) ?? '';
  return fromLogLine(line) ?? line.trim();
}

function fromLogLine(line: string): string | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const { msg, err } = JSON.parse(line) as { msg?: string; err?: { message?: string } };
    return [msg, err?.message].filter((part) => part !== undefined).join(': ') || undefined;
  } catch {
    return undefined;
  }
}
