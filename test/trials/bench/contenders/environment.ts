/** What the process of a contender was started with. @throws Error when it was not */
export function given(name: string): string {
  // oxlint-disable-next-line node/no-process-env -- the one place where the contenders read it
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is missing.`);
  return value;
}
