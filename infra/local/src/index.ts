export { adminTokenEntry, newAdminToken, type AdminRole } from './stack/admin-tokens.ts';
export { canInstall, install } from './apt-get.ts';
export { buildApps } from './build/build-apps.ts';
export { buildConsole } from './build/build-console.ts';
export { describeExit, type Exit } from './process/child.ts';
export { signDinerToken, type TokenDiner } from './stack/diner-token.ts';
export { ensureBrowser } from './ensure-browser.ts';
export { ensureRedis, type RedisOptions } from './redis/ensure-redis.ts';
export type { Environment } from './environment.ts';
export { findOnPath } from './find-on-path.ts';
export { freePort, isPortFree } from './stack/free-port.ts';
export {
  ProcessStartError,
  startProcess,
  type ManagedProcess,
  type ProcessOptions,
} from './process/managed-process.ts';
export { askRedis } from './redis/redis-ask.ts';
export type { Redis } from './redis/redis.ts';
export { appScript, compileCache, dataRoot } from './repository.ts';
export { startStack, type Stack, type StackOptions } from './stack/stack.ts';
export type { PartEnvironments, PartKind, Timings } from './stack/stack-parts.ts';
export type { StackPorts } from './stack/stack-ports.ts';
