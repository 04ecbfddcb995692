import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { SettingsError } from './settings-error.ts';
import { readSettings, secretsIn } from './read-settings.ts';
import { serverSettings } from './server-settings.ts';
import { setting } from './setting.ts';

const schema = serverSettings.extend({
  REDIS_URL: setting.redisUrl(),
  REDIS_KEY_TAG: setting.redisKeyTag().default('proofbox'),
  FACTORY_URL: setting.httpUrl(),
  SECRET: setting.secret(16),
  REPEATABLE: setting.flag().default(true),
  KEYS: setting.list().default([]),
});
const complete = {
  PORT: '4000',
  REDIS_URL: 'redis://127.0.0.1:6379',
  FACTORY_URL: 'http://127.0.0.1:4010',
  SECRET: 'a-secret-of-enough-letters',
};

function problemsOf(
  environment: Record<string, string | undefined>,
  of: z.ZodObject = schema,
): readonly string[] {
  try {
    readSettings(of, environment);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

const read: [string, Record<string, string>, object][] = [
  [
    'the defaults where nothing is set',
    {},
    { HOST: '127.0.0.1', LOG_LEVEL: 'info', REPEATABLE: true, KEYS: [] },
  ],
  ['numbers', { PORT: '0' }, { PORT: 0 }],
  ['flags', { REPEATABLE: 'false' }, { REPEATABLE: false }],
  ['lists, without blanks and empty entries', { KEYS: ' a, b,,' }, { KEYS: ['a', 'b'] }],
  ['URLs, without a slash at their end', { FACTORY_URL: 'https://f/x//' }, { FACTORY_URL: 'https://f/x' }],
  ['Redis URLs with TLS', { REDIS_URL: 'rediss://u:p@h:1/2' }, { REDIS_URL: 'rediss://u:p@h:1/2' }],
  ...[
    'redis://:p%25%40%2F%C3%A9@redis_1.internal:6380/15',
    'redis://[::1]:6379/0',
    'redis://127.0.0.1/',
    'redis://h?family=6',
  ].map((REDIS_URL): [string, Record<string, string>, object] => [REDIS_URL, { REDIS_URL }, { REDIS_URL }]),
  ['a Redis URL with blanks around it', { REDIS_URL: ' redis://h ' }, { REDIS_URL: 'redis://h' }],
  ['key tags', { REDIS_KEY_TAG: 'shop:eu_1.b-2' }, { REDIS_KEY_TAG: 'shop:eu_1.b-2' }],
];

const wrong: [string, string][] = [
  ['PORT', 'abc'],
  ['PORT', '65536'],
  ['PORT', '-1'],
  ['PORT', '1.5'],
  ['PORT', '1e3'],
  ['PORT', ' 1'],
  ['LOG_LEVEL', 'loud'],
  ['REDIS_URL', 'http://127.0.0.1'],
  ['REDIS_URL', 'localhost:6379'],
  ['REDIS_URL', 'redis://:50%@127.0.0.1'],
  ['REDIS_URL', 'redis://:%C3@127.0.0.1'],
  ['REDIS_URL', 'redis://us%er:secret@127.0.0.1'],
  ['REDIS_URL', 'redis://user@127.0.0.1'],
  ['REDIS_URL', 'redis://:se#cret@127.0.0.1'],
  ['REDIS_URL', 'redis://u:6/cret@127.0.0.1'],
  ['REDIS_URL', 'redis://u:6?cret@127.0.0.1'],
  ['REDIS_URL', 'redis://u:6#cret@127.0.0.1'],
  ['REDIS_URL', 'redis://127.0.0.1/orders'],
  ['REDIS_URL', 'redis://127.0.0.1/-1'],
  ['REDIS_URL', 'redis://127.0.0.1/1.5'],
  ['REDIS_URL', 'redis://127.0.0.1/1e1'],
  ['REDIS_URL', 'redis://127.0.0.1/0x1'],
  ['REDIS_URL', 'redis://127.0.0.1/%31'],
  ['REDIS_URL', 'redis://127.0.0.1/0/1'],
  ['REDIS_URL', 'redis://127.0.0.1/999999'],
  ['REDIS_URL', 'redis://127.0.0.1?keyPrefix=mine'],
  ['REDIS_URL', 'redis://127.0.0.1/1?db=2'],
  ['REDIS_URL', 'redis://127.0.0.1/1#2'],
  ['REDIS_URL', 'redis://127.0.0.1:0'],
  ['REDIS_URL', 'redis://127.0.0.1:65536'],
  ['REDIS_URL', 'redis://a,b:6379'],
  ['REDIS_URL', 'redis://%zz'],
  ['REDIS_URL', 'rediss://'],
  ['REDIS_URL', 'redis:127.0.0.1'],
  ['REDIS_KEY_TAG', 'a}b'],
  ['REDIS_KEY_TAG', '{a'],
  ['REDIS_KEY_TAG', '}'],
  ['REDIS_KEY_TAG', '../a'],
  ['REDIS_KEY_TAG', ' mine'],
  ['REDIS_KEY_TAG', 'a*'],
  ['REDIS_KEY_TAG', 'pizzería'],
  ['REDIS_KEY_TAG', 'a\n'],
  ['REDIS_KEY_TAG', 'a\ud800'],
  ['REDIS_KEY_TAG', 'a'.repeat(65)],
  ['FACTORY_URL', 'ftp://127.0.0.1'],
  ['FACTORY_URL', 'localhost:4010'],
  ['FACTORY_URL', 'http://127.0.0.1?key=abc'],
  ['SECRET', 'fifteen-letters'],
  ['REPEATABLE', 'yes'],
];

describe('settings', () => {
  test.for(read)('read %s', ([, environment, expected]) => {
    expect(readSettings(schema, { ...complete, ...environment })).toMatchObject(expected);
  });

  test.for(wrong)('refuse %s=%s in one line that names it and never repeats it', ([name, value]) => {
    const problems = problemsOf({ ...complete, [name]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${name} is not valid: expected .+`));
    expect(problems[0]!.slice(name.length)).not.toContain(value);
  });

  test('tell of every bad variable at once, and of missing ones that they are missing', () => {
    const environment = {
      PORT: 'hunter2',
      SECRET: 'hunter2',
      REDIS_URL: 'redis+hunter2://h',
      LOG_LEVEL: 'hunter2',
    };
    const problems = problemsOf(environment);
    expect(problems).toEqual([
      'PORT is not valid: expected a whole number from 0 to 65535',
      'LOG_LEVEL is not valid: expected one of fatal, error, warn, info, debug, trace, silent',
      'REDIS_URL is not valid: expected a URL such as redis://127.0.0.1:6379',
      'FACTORY_URL is missing: set it to a URL such as http://127.0.0.1:4010',
      'SECRET is not valid: expected at least 16 characters',
    ]);
    expect(new SettingsError(problems).message).not.toContain('hunter2');
  });

  test('take an empty variable as an absent one, as compose files write it', () => {
    expect(readSettings(schema, { ...complete, HOST: '', LOG_LEVEL: '', KEYS: '' })).toMatchObject({
      HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
      KEYS: [],
    });
    expect(problemsOf({ ...complete, SECRET: '' })).toEqual([
      'SECRET is missing: set it to a secret of at least 16 characters',
    ]);
  });

  test('leave alone what belongs to somebody else', () => {
    expect(readSettings(schema, { ...complete, PATH: '/bin' })).not.toHaveProperty('PATH');
  });

  test.for(
    Object.entries({
      ...setting,
      integer: () => setting.integer({ min: 1, max: 2 }),
      oneOf: () => setting.oneOf(['a', 'b']),
    }),
  )('that are missing say in words what to set: %s', ([, make]) => {
    const [problem] = problemsOf({}, serverSettings.pick({}).extend({ IT: make() }));
    expect(problem).toMatch(/^IT is missing: (set it to|expected) /);
  });
});

test('the secrets of an environment are its keys and secrets, and the passwords of its URLs', () => {
  const text = setting.text();
  const ours = z.object({
    REDIS_URL: text,
    VENDOR_API_KEYS: text,
    AUTH_JWT_SECRET: text,
    ADMIN_TOKENS: text,
  });
  const environment = {
    REDIS_URL: 'redis://user:pass%20word@host:1',
    VENDOR_API_KEYS: 'one, two',
    AUTH_JWT_SECRET: 'three',
    ADMIN_TOKENS: 'ada:admin:hash',
    OTHER_SECRET: 'of another program',
  };
  expect(secretsIn(ours, environment)).toEqual(['pass%20word', 'pass word', 'one', 'two', 'three']);
});

test.each(['fifteen-letters', 'x', 'a-secret-of-enough-letters, short'])(
  'secrets in a list are refused when one is so short that it can be guessed: %s',
  (value) => {
    const keys = z.object({ KEYS: setting.secrets() });
    expect(() => readSettings(keys, { KEYS: value })).toThrow(
      'KEYS is not valid: expected secrets of at least 16 characters each',
    );
    expect(readSettings(keys, { KEYS: ' sixteen-letters!, ' }).KEYS).toEqual(['sixteen-letters!']);
  },
);
