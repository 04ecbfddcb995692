import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, readSettings } from '@proofbox/runtime';
import { settings } from './settings.ts';
import { start } from './start.ts';

export const apiKey = 'test-vendor-key';

type Json = { [field: string]: unknown };

type Reply = { status: number; headers: Headers; text: string; json: Json };

export type SimUnderTest = AsyncDisposable & {
  url: string;
  controlUrl: string;
  /** Calls the factory API; an object is sent as JSON, a text as it is. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
  /** `POST /api/order` with a good key. */
  order(body: unknown): Promise<Reply>;
  control(method: string, path: string, body?: unknown): Promise<Reply>;
};

/** A running factory with a key of its own and no latency; `environment` as the process would get it. */
export async function startSim(environment: Record<string, string> = {}): Promise<SimUnderTest> {
  const directory = await mkdtemp(join(tmpdir(), 'factory-sim-'));
  await using opening = new AsyncDisposableStack();
  opening.defer(() => rm(directory, { recursive: true }));
  const sim = opening.use(
    await start(
      readSettings(settings, {
        PORT: '0',
        CONTROL_PORT: '0',
        API_KEYS: `${apiKey},second-vendor-key`,
        KEY_FILE: join(directory, 'key.json'),
        KEY_BITS: '2048',
        LATENCY_MS: '0',
        OVEN_FULL_MS: '80',
        ...environment,
      }),
      createLogger({ service: 'factory-sim', level: 'silent' }),
    ),
  );
  const opened = opening.move();
  const url = `http://127.0.0.1:${sim.port}`;
  const controlUrl = `http://127.0.0.1:${sim.controlPort}`;
  const withKey = { authorization: `Bearer ${apiKey}` };
  return {
    url,
    controlUrl,
    call: (method, path, body, headers = withKey) => send(method, url + path, body, headers),
    order: (body) => send('POST', `${url}/api/order`, body, withKey),
    control: (method, path, body) => send(method, controlUrl + path, body, {}),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** What a worker sends. */
export function pizzaOrder(
  id: number | string,
  items = 1,
): { diner: object; order: Record<string, unknown> } {
  const item = { menuId: 1, description: 'Veggie', price: 0.05 };
  return {
    diner: { id: 2, name: 'pizza diner', email: 'd@jwt.com' },
    order: { franchiseId: 1, storeId: '1', items: Array.from({ length: items }, () => item), id },
  };
}

async function send(
  method: string,
  url: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<Reply> {
  const response = await fetch(url, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson ? (JSON.parse(text) as Json) : {},
  };
}
