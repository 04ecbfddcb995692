export { readSettings, secretsIn } from './read-settings.ts';
export { setting } from './setting.ts';
export { SettingsError } from './settings-error.ts';

// Settings that several apps share, to spread into their schemas.
export { deadlineSetting } from './deadline-setting.ts';
export { durabilitySettings } from './durability-settings.ts';
export { factorySettings } from './factory-settings.ts';
export { outboxSettings } from './outbox-settings.ts';
export { redisSettings } from './redis-settings.ts';
export { serverSettings, type ServerSettings } from './server-settings.ts';
export { shutdownSetting } from './shutdown-setting.ts';
