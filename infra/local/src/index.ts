export { adminTokenEntry, newAdminToken, type AdminRole } from './admin-tokens.ts';
export { canInstall, install } from './apt-get.ts';
export { buildApps } from './build-apps.ts';
export { buildConsole } from './build-console.ts';
export { describeExit, type Exit } from './child.ts';
export { signDinerToken, type TokenDiner } from './diner-token.ts';
export { ensureBrowser } from './ensure-browser.ts';
export { ensureRedis, type RedisOptions } from './ensure-redis.ts';
export type { Environment } from './environment.ts';
export { findOnPath } from './find-on-path.ts';
export { freePort, isPortFree } from './free-port.ts';
export {
  ProcessStartError,
  startProcess,
  type ManagedProcess,
  type ProcessOptions,
} from './managed-process.ts';
export { askRedis } from './redis-ask.ts';
export type { Redis } from './redis.ts';
export { appScript, compileCache, dataRoot } from './repository.ts';
export { startStack, type Stack, type StackOptions } from './stack.ts';
export type { PartEnvironments, PartKind, Timings } from './stack-parts.ts';
export type { StackPorts } from './stack-ports.ts';
