import { isPortFree } from '../stack/free-port.ts';
import type { StartSettings } from './settings.ts';

const services = {
  INGEST_PORT: 'the ingest API',
  ADMIN_PORT: 'the admin server',
  WORKER_PORT: 'the worker',
  PRIMARY_PORT: 'the primary stand-in factory',
  PRIMARY_CONTROL_PORT: 'the control API of the primary stand-in factory',
  FALLBACK_PORT: 'the fallback stand-in factory',
  FALLBACK_CONTROL_PORT: 'the control API of the fallback stand-in factory',
  REDIS_PORT: 'Redis',
} as const;
type PortVariable = keyof typeof services;

/** One clear line for each port that cannot be had; empty when all can. */
export async function portProblems(settings: StartSettings): Promise<string[]> {
  const variables = (Object.keys(services) as PortVariable[]).filter(
    (variable) => variable !== 'REDIS_PORT' || settings.REDIS_URL === undefined,
  );
  const lines = await Promise.all(
    variables.map(async (variable, index) => {
      const port = settings[variable];
      const earlier = variables.slice(0, index).find((other) => settings[other] === port);
      if (earlier) return `${earlier} and ${variable} are both ${port}: give one of them another port.`;
      if (await isPortFree(port)) return undefined;
      return `Port ${port} is in use, ${services[variable]} needs it: stop what listens there, or set ${variable} to another port.`;
    }),
  );
  return lines.filter((line) => line !== undefined);
}
