import { freePort } from './free-port.ts';

/** Where everything listens, on 127.0.0.1. On its control port a stand-in factory is made to misbehave. */
export type StackPorts = {
  ingest: number;
  admin: number;
  worker: number;
  primary: number;
  primaryControl: number;
  fallback: number;
  fallbackControl: number;
};

/** The given ports, and a free one for each that is not given. */
export async function completePorts(given: Partial<StackPorts> = {}): Promise<StackPorts> {
  return {
    ingest: given.ingest ?? (await freePort()),
    admin: given.admin ?? (await freePort()),
    worker: given.worker ?? (await freePort()),
    primary: given.primary ?? (await freePort()),
    primaryControl: given.primaryControl ?? (await freePort()),
    fallback: given.fallback ?? (await freePort()),
    fallbackControl: given.fallbackControl ?? (await freePort()),
  };
}
