import { existsSync } from 'node:fs';
import path from 'node:path';
import { shopName } from '@proofbox/ledger';
import { readSettings } from '@proofbox/runtime';
import type { SpoolPlace } from '@proofbox/outbox';
import { CommandFailure, exitCodes } from '../../session/command-failure.ts';
import type { Session } from '../../session/session.ts';
import { commandLineSettings } from '../../session/settings.ts';

/** Redis may be away when one looks into a spool: only these are read. */
const placeSettings = commandLineSettings
  .pick({ SPOOL_DIR: true, REDIS_KEY_TAG: true, REDIS_URL: true })
  .partial({ REDIS_URL: true });

export type DirOption = { dir?: string };
export const dirOption = [
  '--dir <folder>',
  'the folder of the spool, as the ingests have it in SPOOL_DIR',
] as const;

/** @throws CommandFailure when there is no such folder */
export function spoolPlace({ environment }: Session, { dir }: DirOption): SpoolPlace {
  const { SPOOL_DIR, REDIS_KEY_TAG, REDIS_URL } = readSettings(placeSettings, environment);
  const keyTag = REDIS_URL === undefined ? REDIS_KEY_TAG : shopName(REDIS_KEY_TAG, REDIS_URL);
  const folder = path.resolve(dir ?? SPOOL_DIR);
  if (existsSync(folder)) return { folder, keyTag };
  throw new CommandFailure(
    exitCodes.failed,
    `There is no folder ${folder}. Name the SPOOL_DIR of your ingests with --dir.`,
  );
}
