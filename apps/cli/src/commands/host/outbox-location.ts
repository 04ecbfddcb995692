import { existsSync } from 'node:fs';
import path from 'node:path';
import { shopName } from '@proofbox/ledger';
import type { OutboxLocation } from '@proofbox/outbox';
import { readSettings } from '@proofbox/runtime';
import { CommandFailure, exitCodes } from '../../session/command-failure.ts';
import type { Session } from '../../session/session.ts';
import { commandLineSettings } from '../../session/settings.ts';

/** Redis may be away when one looks into an outbox: only these are read. */
const locationSettings = commandLineSettings
  .pick({ OUTBOX_DIR: true, REDIS_KEY_TAG: true, REDIS_URL: true })
  .partial({ REDIS_URL: true });

export type DirOption = { dir?: string };
export const dirOption = ['--dir <folder>', 'the folder of the outbox: OUTBOX_DIR of ingest'] as const;

/** @throws CommandFailure when there is no such folder */
export function outboxLocation({ environment }: Session, { dir }: DirOption): OutboxLocation {
  const { OUTBOX_DIR, REDIS_KEY_TAG, REDIS_URL } = readSettings(locationSettings, environment);
  const shop = REDIS_URL === undefined ? REDIS_KEY_TAG : shopName(REDIS_KEY_TAG, REDIS_URL);
  const folder = path.resolve(dir ?? OUTBOX_DIR);
  if (existsSync(folder)) return { folder, shop };
  throw new CommandFailure(
    exitCodes.failed,
    `There is no folder ${folder}. Name the OUTBOX_DIR of your ingests with --dir.`,
  );
}
