import { z } from 'zod';
import { setting } from './setting.ts';

/** What every server has. */
export const serverSettings = z.object({
  HOST: setting
    .text()
    .default('127.0.0.1')
    .describe('The address that the process listens on; `0.0.0.0` for all.'),
  PORT: setting
    .integer({ min: 0, max: 65_535 })
    .describe('The port that the process listens on; 0 takes any free one.'),
  LOG_LEVEL: setting
    .oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('The least serious level that is logged.'),
});
export type ServerSettings = z.output<typeof serverSettings>;
