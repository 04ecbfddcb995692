import { randomBytes } from 'node:crypto';
import { role } from '@proofbox/contract/admin';
import type { SessionStore } from '@proofbox/ledger/operations';
import { z } from 'zod';
import type { Credentials, Identity } from './credentials.ts';

/** A browser that is signed in. `endsAt` in ms since the epoch. */
type Session = { identity: Identity; endsAt: number };

export type Sessions = {
  /** @returns what the browser has to show from now on */
  begin(identity: Identity): Promise<{ id: string; endsAt: number }>;
  /** Undefined for one that has ended, was never begun, or whose token does not let in any more. */
  find(id: string): Promise<Session | undefined>;
  end(id: string): Promise<void>;
};

const stored = z.object({ name: z.string(), role, proof: z.string(), endsAt: z.number() });

/** 32 random bytes as base64url: anything else is not worth asking Redis for. */
const idShape = /^[\w-]{43}$/;

export function createSessions(input: {
  store: SessionStore;
  credentials: Credentials;
  lastMs: number;
  now?: () => number;
}): Sessions {
  const { store, credentials, lastMs, now = Date.now } = input;
  return {
    async begin({ name, role: ofRole, proof, endsAt: tokenEndsAt = Infinity }) {
      const id = randomBytes(32).toString('base64url');
      const endsAt = Math.min(now() + lastMs, tokenEndsAt);
      await store.save(id, JSON.stringify({ name, role: ofRole, proof, endsAt }), endsAt);
      return { id, endsAt };
    },
    async find(id) {
      if (!idShape.test(id)) return undefined;
      const json = await store.find(id);
      if (json === undefined) return undefined;
      const { endsAt, ...identity } = stored.parse(JSON.parse(json));
      const renewed = endsAt > now() ? credentials.renew(identity) : undefined;
      return renewed && { identity: renewed, endsAt };
    },
    async end(id) {
      if (idShape.test(id)) await store.end(id);
    },
  };
}
