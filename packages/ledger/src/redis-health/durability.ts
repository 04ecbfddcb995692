import type { RedisFacts } from './redis-facts.ts';

/** What our scripts and BullMQ need: ZRANGE BYSCORE REV came with it. */
const oldestVersion = [6, 2];

/** By setting: what it has to be, and what happens otherwise. */
const needed: Record<string, { value: string; otherwise: string }> = {
  appendonly: { value: 'yes', otherwise: 'a restart would lose orders' },
  appendfsync: { value: 'always', otherwise: 'a power cut would lose orders that were answered' },
  'no-appendfsync-on-rewrite': {
    value: 'no',
    otherwise: 'a power cut while the file is rewritten would lose orders that were answered',
  },
  'maxmemory-policy': { value: 'noeviction', otherwise: 'orders would be dropped to make room' },
};

/**
 * Why an order on this Redis could be lost, and what to do about it: one sentence for each thing. None: it is safe there.
 */
export function durabilityProblems({ version, settings }: RedisFacts): string[] {
  return [...versionProblems(version), ...(settings ? settingProblems(settings) : [hiddenSettings])];
}

const hiddenSettings =
  'Redis hides its settings (CONFIG GET is refused), so it cannot be checked that it keeps orders: ' +
  'allow CONFIG GET, or, if its operator warrants appendonly yes, appendfsync always and noeviction, set DURABILITY=trust.';

function settingProblems(settings: Record<string, string>): string[] {
  return Object.entries(needed)
    .filter(([name, { value }]) => settings[name] !== value)
    .map(
      ([name, { value, otherwise }]) =>
        `Redis has ${name} ${settings[name]}, with which ${otherwise}: set ${name} ${value} in its configuration, or DURABILITY=trust to take the risk.`,
    );
}

function versionProblems(version: string): string[] {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldestVersion;
  const isNewEnough = major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
  return isNewEnough
    ? []
    : [`Redis is version ${version}, which is too old: use ${oldestVersion.join('.')} or later.`];
}
