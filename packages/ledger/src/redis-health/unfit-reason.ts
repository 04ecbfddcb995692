export const whatToAllow =
  'allow the user of REDIS_URL the commands, keys and channels that docs/operate/redis.md names.';

/** By how an error of Redis begins: what is wrong, and what to do about it. */
const reasons: [RegExp, (message: string) => string][] = [
  [
    /^WRONGPASS/,
    () => 'Redis refuses the name or the password of REDIS_URL (WRONGPASS): correct it, and restart.',
  ],
  [/^NOAUTH/, () => 'Redis asks for a password (NOAUTH), and REDIS_URL has none: put it in, and restart.'],
  [/^(?:NOPERM|ERR The user)/, (message) => `Redis refuses us something (${message}): ${whatToAllow}`],
  [
    /^(?:MOVED|ASK|CROSSSLOT|CLUSTERDOWN)/,
    (message) =>
      `Redis is a node of a cluster that does not have the keys of this shop (${message}): set REDIS_URL to the node that has the slot of REDIS_KEY_TAG.`,
  ],
  [
    /index is out of range|SELECT/,
    (message) => `Redis does not have the database of REDIS_URL (${message}): correct its number.`,
  ],
];

/** One sentence about a Redis that answers and refuses us: what it says, and what to do. */
export function unfitReason({ message }: Error): string {
  const line = message.split('\n')[0]!.slice(0, 200);
  const known = reasons.find(([pattern]) => pattern.test(line));
  return known ? known[1](line) : `Redis refuses us (${line}).`;
}
