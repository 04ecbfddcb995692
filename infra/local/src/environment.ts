/** Environment variables by name; an absent one is `undefined`. */
export type Environment = Record<string, string | undefined>;

/** The environment this process was started with. The only place of the launcher that reads it. */
export function environment(): Environment {
  // oxlint-disable-next-line node/no-process-env -- the one place that reads the environment
  return process.env;
}

/** What a child process of ours is given: enough to find programs, nothing that could leak in from the developer's shell. */
export function cleanEnvironment(own: Environment = {}): NodeJS.ProcessEnv {
  const { PATH, HOME } = environment();
  return { PATH, HOME, ...own };
}
