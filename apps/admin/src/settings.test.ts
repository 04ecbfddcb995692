import { readSettings, type SettingsError } from '@proofbox/runtime';
import { expect, test } from 'vitest';
import { adminTokenEntry, hashOf, newToken } from '@proofbox/runtime/admin-tokens';
import { adminSettings } from './settings.ts';

const entry = adminTokenEntry({ name: 'ada', role: 'operator', token: 'pbx_a' });

function read(environment: Record<string, string>) {
  return readSettings(adminSettings, { PORT: '0', REDIS_URL: 'redis://127.0.0.1', ...environment });
}

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    read(environment);
    return [];
  } catch (error) {
    return (error as SettingsError).problems;
  }
}

test('a new token is one that nobody can guess, and its entry does not tell it', () => {
  const token = newToken();
  expect(token).toMatch(/^pbx_[\w-]{43}$/);
  expect(newToken()).not.toBe(token);
  const [name, role, hash] = adminTokenEntry({ name: 'a.b@c-d_e', role: 'admin', token }).split(':');
  expect([name, role, hash]).toEqual(['a.b@c-d_e', 'admin', hashOf(token).toString('hex')]);
});

test.each(['', 'a b', 'a:b', 'a,b', 'x'.repeat(65), 'ä'])('no entry is made for the name %j', (name) => {
  expect(() => adminTokenEntry({ name, role: 'viewer', token: 'pbx_a' })).toThrow(RangeError);
});

test('entries are read, with blanks around them', () => {
  const other = adminTokenEntry({ name: 'bob', role: 'viewer', token: 'pbx_b' });
  expect(read({ ADMIN_TOKENS: ` ${entry} , ${other},` }).ADMIN_TOKENS).toEqual([
    { name: 'ada', role: 'operator', hash: hashOf('pbx_a') },
    { name: 'bob', role: 'viewer', hash: hashOf('pbx_b') },
  ]);
  expect(read({}).ADMIN_TOKENS).toEqual([]);
});

test('each bad entry has a line of its own, and none repeats what it holds', () => {
  const hash = 'f'.repeat(64);
  const bad = [
    'pbx_a-token-itself',
    `ada:king:${hash}`,
    'ada:admin:pbx_a-token-itself',
    `:admin:${hash}`,
    entry,
    adminTokenEntry({ name: 'ada', role: 'admin', token: 'pbx_c' }),
    entry.replace('ada', 'eve'),
  ];
  const problems = problemsOf({ ADMIN_TOKENS: bad.join(',') });
  expect(problems).toEqual([
    expect.stringMatching(/^ADMIN_TOKENS is not valid: entry 1: expected name:role:sha256/),
    expect.stringMatching(/entry 2: expected a role: viewer, operator, admin$/),
    expect.stringMatching(/entry 3: expected the SHA-256 of the token, 64 hexadecimal digits/),
    expect.stringMatching(/entry 4: expected a name/),
    expect.stringMatching(/entry 6: another entry has the same name$/),
    expect.stringMatching(/entry 7: another entry has the same token$/),
  ]);
  expect(problems.join()).not.toMatch(/pbx_|king|eve/);
});

test.each([
  ['127.0.0.1', true],
  ['10.0.0.0/8, ::1, fd00::/8', true],
  ['', true],
  ['proxy', false],
  ['true', false],
  ['1', false],
  ['10.0.0.0/33', false],
  ['10.0.0.0/8/8', false],
])('TRUST_PROXY=%s is valid: %s', (value, isValid) => {
  expect(problemsOf({ TRUST_PROXY: value }).length).toBe(isValid ? 0 : 1);
});
