import { globSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { repositoryRoot } from '../repository.ts';
import { settingsForApps, startSettings, wantsStandInFallback, watchStandIns } from './settings.ts';

test('settings for the apps are passed on; the shell and what start reads itself are not', () => {
  const environment = {
    WAIT_MS: '100',
    WORKER_CONCURRENCY: '3',
    ORDER_DEADLINE_MS: '',
    INGEST_PORT: '5000',
    REDIS_URL: 'redis://127.0.0.1:6379',
    PORT: '3000',
    HOST: 'elsewhere',
    NODE_OPTIONS: '--inspect',
    SECRET_OF_MY_SHELL: 'x',
  };
  expect(settingsForApps(environment)).toEqual({ WAIT_MS: '100', WORKER_CONCURRENCY: '3' });
});

test('every setting of every app can be given to npm start', async () => {
  const ofStart = new Set([...Object.keys(startSettings.shape), 'PORT', 'HOST']);
  // What the stack decides itself, because the processes must agree on it.
  const ofStack = new Set(['CONTROL_PORT', 'API_KEYS', 'KEY_FILE']);
  const names = await settingsOfApps();
  expect(names.length).toBeGreaterThan(10);
  const lost = names.filter(
    (name) =>
      !ofStart.has(name) && !ofStack.has(name) && settingsForApps({ [name]: 'x' })[name] === undefined,
  );
  expect(lost).toEqual([]);
});

async function settingsOfApps(): Promise<string[]> {
  const files = globSync('apps/*/src/settings.ts', { cwd: repositoryRoot });
  const modules = await Promise.all(
    files.map((file) => import(pathToFileURL(path.join(repositoryRoot, file)).href)),
  );
  const schemas = modules
    .flatMap((each: object) => Object.values(each))
    .filter((each) => each instanceof z.ZodObject);
  return schemas.flatMap((schema) => Object.keys(schema.shape));
}

test.for<[Record<string, string>, string[]]>([
  [{}, ['CANARY_INTERVAL_MS', 'FACTORY_FALLBACK_HEALTH_PATH', 'FACTORY_PRIMARY_HEALTH_PATH']],
  [{ FACTORY_PRIMARY_URL: 'https://theirs' }, []],
  [{ FACTORY_FALLBACK_URL: 'https://theirs' }, ['FACTORY_PRIMARY_HEALTH_PATH']],
])('with %j npm start watches only its own stand-ins: %j', ([forApps, names]) => {
  expect(Object.keys(watchStandIns(forApps)).toSorted()).toEqual(names);
});

test("a stand-in fallback never stands behind somebody's own factory, which has to come with its key", () => {
  expect(wantsStandInFallback({})).toBe(true);
  const own = { FACTORY_PRIMARY_URL: 'http://127.0.0.1:1', FACTORY_PRIMARY_API_KEY: 'k' };
  expect(wantsStandInFallback(own)).toBe(false);
  expect(
    wantsStandInFallback({ FACTORY_FALLBACK_URL: 'http://127.0.0.1:1', FACTORY_FALLBACK_API_KEY: 'k' }),
  ).toBe(false);
  expect(() => wantsStandInFallback({ FACTORY_PRIMARY_URL: 'http://127.0.0.1:1' })).toThrow(
    'FACTORY_PRIMARY_API_KEY is missing',
  );
});
