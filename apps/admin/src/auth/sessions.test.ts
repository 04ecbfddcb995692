import type { SessionStore } from '@proofbox/ledger/operations';
import { SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { hashOf, type AdminToken } from '@proofbox/runtime/admin-tokens';
import { createCredentials } from './credentials.ts';
import { createSessions } from './sessions.ts';

const secret = 'the secret of the shop';
const ada: AdminToken = { name: 'ada', role: 'operator', hash: hashOf('pbx_a') };

/** Sessions that outlive a restart of the admin server with other settings. */
function openSessions() {
  const stored = new Map<string, string>();
  const store: SessionStore = {
    save: async (id, value) => void stored.set(id, value),
    find: async (id) => stored.get(id),
    end: async (id) => void stored.delete(id),
  };
  const clock = { now: 1_000_000 };
  const startWith = (tokens: AdminToken[], jwtSecret?: string) => {
    const credentials = createCredentials({ tokens, jwtSecret });
    const sessions = createSessions({ store, credentials, lastMs: 60_000, now: () => clock.now });
    return { credentials, sessions };
  };
  return { clock, startWith };
}

test('a session lasts so long and no longer', async () => {
  const { clock, startWith } = openSessions();
  const { credentials, sessions } = startWith([ada]);
  const { id, endsAt } = await sessions.begin((await credentials.identify('pbx_a'))!);
  expect(endsAt).toBe(clock.now + 60_000);
  clock.now += 59_999;
  expect(await sessions.find(id)).toMatchObject({ identity: { name: 'ada', role: 'operator' }, endsAt });
  clock.now += 1;
  expect(await sessions.find(id)).toBeUndefined();
});

test('after a restart it is what its token is now, and nothing where the token is gone', async () => {
  const { startWith } = openSessions();
  const before = startWith([ada]);
  const { id } = await before.sessions.begin((await before.credentials.identify('pbx_a'))!);
  const lowered = { ...ada, name: 'ada.l', role: 'viewer' } as const;
  expect(await startWith([lowered]).sessions.find(id)).toMatchObject({
    identity: { name: 'ada.l', role: 'viewer' },
  });
  const sameName = { ...ada, hash: hashOf('pbx_b') };
  expect(await startWith([sameName]).sessions.find(id)).toBeUndefined();
  expect(await startWith([]).sessions.find(id)).toBeUndefined();
});

test("one of the shop's admin ends when the shop's secret is another one", async () => {
  const { startWith } = openSessions();
  const { sessions, credentials } = startWith([], secret);
  const identity = { name: 'shop admin 1', role: 'admin', proof: await proofOf(secret) } as const;
  expect(credentials.renew(identity)).toBeDefined();
  const { id } = await sessions.begin(identity);
  expect(await sessions.find(id)).toMatchObject({ identity: { name: 'shop admin 1', role: 'admin' } });
  expect(await startWith([ada], 'another secret').sessions.find(id)).toBeUndefined();
  expect(await startWith([ada]).sessions.find(id)).toBeUndefined();
});

async function proofOf(jwtSecret: string): Promise<string> {
  const token = await new SignJWT({ id: 1, roles: [{ role: 'admin' }] })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(jwtSecret));
  return (await createCredentials({ tokens: [], jwtSecret }).identify(token))!.proof;
}
