import path from 'node:path';
import { adminTokensSetting, type AdminTokens } from './admin-tokens.ts';
import type { Environment } from '../environment.ts';
import { appScript, type AppName } from '../repository.ts';
import type { StackPorts } from './stack-ports.ts';

/** The kinds of process of a stack, in the order in which they are closed: who feeds the others goes first. */
export const partKinds = ['ingest', 'worker', 'admin', 'primary', 'fallback'] as const;
export type PartKind = (typeof partKinds)[number];

/** One process of a stack. */
export type Part = {
  kind: PartKind;
  /** The kind, with `-2`, `-3`, … where there are several. */
  name: string;
  script: string;
  env: Environment;
  url: string;
  readyUrl: string;
};

export type Timings = {
  /** How long a POST waits for its receipt. */
  waitMs?: number;
  /** Of one call to a factory. */
  factoryTimeoutMs?: number;
  /** How long a stand-in factory takes for an order. */
  latencyMs?: number;
  /** How long a stand-in factory takes whose oven is full. */
  ovenFullMs?: number;
};

/** For all processes, for all of one kind, or for one by its name, such as `worker-2`; the closest wins. */
export type PartEnvironments = Partial<Record<PartKind | 'all' | `${PartKind}-${number}`, Environment>>;

export type PartsPlan = {
  redisUrl: string;
  dataDir: string;
  ports: StackPorts;
  /** One for each ingest and each worker. */
  ingestPorts: number[];
  workerPorts: number[];
  hasFallback: boolean;
  hasAdmin: boolean;
  authSecret: string;
  vendorApiKey: string;
  apiKeys: { primary: string; fallback: string };
  adminTokens: AdminTokens;
  keyTag: string | undefined;
  keyBits: number | undefined;
  timings: Timings;
  env: PartEnvironments;
  scriptOf: ((app: AppName) => string) | undefined;
};

/** What to start, each with its whole environment. */
export function planParts(plan: PartsPlan): Part[] {
  const { ports } = plan;
  return [
    ...plan.ingestPorts.map((port, index) => serverPart(plan, 'ingest', port, index)),
    ...plan.workerPorts.map((port, index) => serverPart(plan, 'worker', port, index)),
    ...(plan.hasAdmin ? [serverPart(plan, 'admin', ports.admin, 0)] : []),
    factoryPart(plan, 'primary', ports.primaryControl),
    ...(plan.hasFallback ? [factoryPart(plan, 'fallback', ports.fallbackControl)] : []),
  ];
}

function serverPart(plan: PartsPlan, kind: 'ingest' | 'worker' | 'admin', port: number, index: number): Part {
  const name = index === 0 ? kind : (`${kind}-${index + 1}` as const);
  return {
    kind,
    name,
    script: (plan.scriptOf ?? appScript)(kind),
    url: local(port),
    readyUrl: `${local(port)}/readyz`,
    env: environmentOf(plan, kind, name, {
      HOST: '127.0.0.1',
      PORT: String(port),
      REDIS_URL: plan.redisUrl,
      REDIS_KEY_TAG: plan.keyTag,
      ...ownSettings[kind](plan),
    }),
  };
}

const ownSettings = { ingest: ingestSettings, worker: workerSettings, admin: adminSettings };

function ingestSettings(plan: PartsPlan): Environment {
  return {
    ...sharedSettings(plan),
    AUTH_JWT_SECRET: plan.authSecret,
    VENDOR_API_KEYS: plan.vendorApiKey,
    WAIT_MS: text(plan.timings.waitMs),
    // No balancer stands before it.
    SHUTDOWN_PAUSE_MS: '0',
  };
}

function workerSettings(plan: PartsPlan): Environment {
  return {
    ...sharedSettings(plan),
    FACTORY_PRIMARY_API_KEY: plan.apiKeys.primary,
    FACTORY_FALLBACK_API_KEY: plan.hasFallback ? plan.apiKeys.fallback : undefined,
    FACTORY_TIMEOUT_MS: text(plan.timings.factoryTimeoutMs),
  };
}

function adminSettings(plan: PartsPlan): Environment {
  return {
    ADMIN_TOKENS: adminTokensSetting(plan.adminTokens),
    AUTH_JWT_SECRET: plan.authSecret,
    SHUTDOWN_PAUSE_MS: '0',
  };
}

/** Of ingest and worker. */
function sharedSettings(plan: PartsPlan): Environment {
  return {
    FACTORY_PRIMARY_URL: local(plan.ports.primary),
    FACTORY_FALLBACK_URL: plan.hasFallback ? local(plan.ports.fallback) : undefined,
    FACTORY_JWT_ALGS: 'RS256',
    FACTORY_KEYS_DIR: path.join(plan.dataDir, 'factory-keys'),
    OUTBOX_DIR: path.join(plan.dataDir, 'outbox'),
  };
}

/** A stand-in factory is ready when its control port answers: it opens that one last. */
function factoryPart(plan: PartsPlan, kind: 'primary' | 'fallback', controlPort: number): Part {
  return {
    kind,
    name: kind,
    script: (plan.scriptOf ?? appScript)('factory-sim'),
    url: local(plan.ports[kind]),
    readyUrl: `${local(controlPort)}/healthz`,
    env: environmentOf(plan, kind, kind, {
      HOST: '127.0.0.1',
      PORT: String(plan.ports[kind]),
      CONTROL_PORT: String(controlPort),
      FACTORY_NAME: kind,
      API_KEYS: plan.apiKeys[kind],
      KEY_FILE: path.join(plan.dataDir, 'keys', `${kind}.json`),
      KEY_BITS: text(plan.keyBits),
      LATENCY_MS: text(plan.timings.latencyMs),
      OVEN_FULL_MS: text(plan.timings.ovenFullMs),
    }),
  };
}

/** What the caller adds wins; a setting that is not given is left to the app's default. */
function environmentOf(
  plan: PartsPlan,
  kind: PartKind,
  name: keyof PartEnvironments,
  settings: Environment,
): Environment {
  const all = { ...settings, ...plan.env.all, ...plan.env[kind], ...plan.env[name] };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

export function local(port: number): string {
  return `http://127.0.0.1:${port}`;
}

function text(value: number | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}
