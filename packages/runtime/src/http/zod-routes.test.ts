import { expect, test } from 'vitest';
import { z } from 'zod';
import { createHttpServer } from './http-server.ts';
import { createLogger } from '../logging/logger.ts';
import { createMetrics } from '../metrics/metrics.ts';

function openServer() {
  const logger = createLogger({ service: 'test', level: 'silent' });
  return createHttpServer({ logger, metrics: createMetrics(), ready: async () => ({ reasons: [] }) });
}

test('what a route takes is parsed by its schemas, and every field that is wrong is named', async () => {
  const server = openServer();
  const body = z.strictObject({ why: z.string().trim().min(2), rate: z.int() });
  server.post('/change', { schema: { body } }, async (request) => request.body);
  const post = (payload: object) => server.inject({ method: 'POST', url: '/change', payload });
  expect((await post({ why: ' mended ', rate: 5 })).json()).toEqual({ why: 'mended', rate: 5 });
  const refused = await post({ why: '', rate: 'fast' });
  expect([refused.statusCode, refused.headers['content-type']]).toEqual([
    400,
    'application/problem+json; charset=utf-8',
  ]);
  expect(refused.json().errors.map(({ path }: { path: string }) => path)).toEqual(['why', 'rate']);
});

test('a route with a JSON Schema is refused at the start, for nothing would check it', async () => {
  const server = openServer();
  server.post('/change', { schema: { body: { type: 'object' } } }, async () => 'done');
  await expect(server.ready()).rejects.toThrow(/has a JSON schema/);
});
