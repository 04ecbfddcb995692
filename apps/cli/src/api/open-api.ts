import { readSettings } from '@proofbox/runtime/settings';
import type { Session } from '../session/session.ts';
import { commandLineSettings } from '../session/settings.ts';
import { createApiClient, type ApiClient } from './api-client.ts';

/** The admin API that the environment names. @throws SettingsError */
export function openApi({ environment }: Session): ApiClient {
  const { PROOFBOX_URL: url, PROOFBOX_TOKEN: token } = readSettings(
    commandLineSettings.pick({ PROOFBOX_URL: true, PROOFBOX_TOKEN: true }),
    environment,
  );
  return createApiClient({ url, token });
}
