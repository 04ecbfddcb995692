import type { Fault } from '../../support/factory-control.ts';
import type { LinkCondition } from './link.ts';

/** What can be done to a process. */
export type ProcessFault = 'kill' | 'term' | 'freeze';

/** Everything that can go wrong, by what it is done to. The part before the hyphen is its family. */
export const faultKinds = [
  'kill',
  'term',
  'freeze',
  'redis-kill',
  'redis-term',
  'redis-freeze',
  'redis-full',
  'redis-readonly',
  'redis-busy',
  'link-reset',
  'link-close',
  'link-blackhole',
  'link-delay',
  'factory-fail',
  'factory-badjwt',
  'factory-hang',
  'factory-reset',
  'factory-down',
  'factory-html502',
  'factory-429',
  'factory-slow',
  'factory-400',
  'factory-403',
  'factory-encoded',
  'factory-interim',
  'factory-idleClose',
  'factory-keys',
  'factory-hostile',
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** One thing that goes wrong. Times in ms, `atMs` from the start of the run. */
export type Strike = {
  atMs: number;
  fault: FaultKind;
  /** A process, or a link such as `worker-2>redis`. */
  target: string;
  /** After that it is mended: started again, thawed, passed on, baked. */
  durationMs: number;
  /** How much longer each piece takes on a link, or each order in a factory. */
  delayMs?: number;
};

/**
 * What a target is one of: `ingest`, `worker`, `admin`, `factory` or `redis`, or for a link who connects to whom, such
 * as `worker>factory`.
 */
function targetKind(target: string): string {
  return target.replaceAll(/-\d+/g, '').replaceAll(/primary|fallback/g, 'factory');
}

/** By what a strike is counted: `kill worker`, `link-reset ingest>redis`; `redis-kill` and `factory-429` say it all. */
export function countedAs({ fault, target }: Pick<Strike, 'fault' | 'target'>): string {
  return /^(redis|factory)-/.test(fault) ? fault : `${fault} ${targetKind(target)}`;
}

/** `kill`, `redis-kill`: the same is done, to another process. */
export function processFault(fault: FaultKind): ProcessFault | undefined {
  const what = fault.replace(/^redis-/, '');
  return what === 'kill' || what === 'term' || what === 'freeze' ? what : undefined;
}

export function linkCondition({ fault, delayMs = 0 }: Strike): LinkCondition | undefined {
  const conditions: Partial<Record<FaultKind, LinkCondition>> = {
    'link-reset': { kind: 'reset' },
    'link-close': { kind: 'close' },
    'link-blackhole': { kind: 'blackhole' },
    'link-delay': { kind: 'delay', ms: delayMs },
  };
  return conditions[fault];
}

export function factoryFault({ fault, delayMs = 0 }: Strike): Fault | undefined {
  if (!fault.startsWith('factory-')) return undefined;
  const kind = fault.slice('factory-'.length);
  const more: Partial<Record<FaultKind, Partial<Fault>>> = {
    'factory-slow': { ms: delayMs },
    'factory-encoded': { encoding: 'gzip' },
    'factory-idleClose': { ms: 20 },
    'factory-keys': { how: 'error' },
    'factory-hostile': { kind: 'hostileText' },
  };
  return { kind, ...more[fault] };
}

/** Such as ` 12.3 s  kill            worker-2        for 1.8 s`. */
export function describeStrike({ atMs, fault, target, durationMs, delayMs }: Strike): string {
  const more = delayMs === undefined ? '' : ` by ${delayMs} ms`;
  return `${seconds(atMs)}  ${fault.padEnd(16)} ${target.padEnd(20)} for ${seconds(durationMs).trim()}${more}`;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1).padStart(5)} s`;
}
