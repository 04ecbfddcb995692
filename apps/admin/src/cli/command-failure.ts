/** How the process ends, for scripts. */
export const exitCodes = { done: 0, failed: 1, badUsage: 2, redisAway: 3 } as const;
export type FailureCode = Exclude<(typeof exitCodes)[keyof typeof exitCodes], 0>;

/** The command could not do what was asked. `message` is one line for the person who asked. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  readonly exitCode: FailureCode;

  constructor(exitCode: FailureCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

export function notFound(id: string): CommandFailure {
  return new CommandFailure(exitCodes.failed, `There is no order ${id}.`);
}
