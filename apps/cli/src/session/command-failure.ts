/** How the process ends, for scripts. */
export const exitCodes = {
  done: 0,
  failed: 1,
  badUsage: 2,
  unreachable: 3,
  notAllowed: 4,
  interrupted: 130,
} as const;

/** What each says to who asks for help. */
export const exitMeanings: Record<keyof typeof exitCodes, string> = {
  done: 'done',
  failed: 'not found, or failed',
  badUsage: 'bad usage',
  unreachable: 'the admin API or Redis cannot be reached: try again',
  notAllowed: 'not allowed: no valid token, or its role is too low',
  interrupted: 'stopped with Ctrl-C',
};

export type FailureCode = Exclude<(typeof exitCodes)[keyof typeof exitCodes], 0>;

/** The command could not do what was asked. `message` is one line for the person who asked. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  readonly exitCode: FailureCode;
  /** Of the API's refusal, where it was one. */
  readonly status: number | undefined;

  constructor(exitCode: FailureCode, message: string, options?: ErrorOptions & { status?: number }) {
    super(message, options);
    this.exitCode = exitCode;
    this.status = options?.status;
  }
}

export function badUsage(message: string): CommandFailure {
  return new CommandFailure(exitCodes.badUsage, message);
}
