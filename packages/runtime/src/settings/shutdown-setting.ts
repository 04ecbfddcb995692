import { setting } from './setting.ts';

/** For servers behind a load balancer. */
export const shutdownSetting = {
  SHUTDOWN_PAUSE_MS: setting
    .integer({ min: 0, max: 60_000 })
    .default(5_000)
    .describe(
      'How long the process serves on after SIGTERM, while `/readyz` answers 503, so that a load balancer stops sending requests. `npm start` sets 0.',
    ),
};
