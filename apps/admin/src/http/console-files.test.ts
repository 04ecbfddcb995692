import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createHttpServer, createLogger, createMetrics } from '@proofbox/runtime';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { consoleFiles } from './console-files.ts';
import { addSecureHeaders } from './secure-headers.ts';

const html = { accept: 'text/html,application/xhtml+xml' };

let folder: string;
let server: FastifyInstance;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'proofbox-console-'));
  await mkdir(path.join(folder, 'dist/assets'), { recursive: true });
  await writeFile(path.join(folder, 'secret.txt'), 'a secret');
  await writeFile(path.join(folder, 'dist/assets/app-1a2b.js'), 'let a = 1;');
  await writeFile(path.join(folder, 'dist/robots.txt'), 'Disallow: /');
  server = createHttpServer({
    logger: createLogger({ service: 'test', level: 'silent' }),
    metrics: createMetrics(),
    ready: async () => ({ reasons: [] }),
  });
  await addSecureHeaders(server);
  server.get('/api/orders', async () => ({ orders: [] }));
  await server.register(async (scope) => consoleFiles(scope, { folder: path.join(folder, 'dist') }));
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

async function build(): Promise<void> {
  const page = '<!doctype html><meta nonce="__CSP_NONCE__"><style nonce="__CSP_NONCE__"></style>';
  await writeFile(path.join(folder, 'dist/index.html'), page);
}

describe('a console that is built', () => {
  beforeEach(build);

  test.each(['/', '/orders', '/orders/pb-1', '/bulk/b-1?tab=2', '/a/b/c.d'])(
    'is the page at %s, with a nonce of its own each time',
    async (url) => {
      const replies = await Promise.all([0, 1].map(() => server.inject({ url, headers: html })));
      const nonces = replies.map((reply) => {
        expect(reply.statusCode).toBe(200);
        expect(reply.headers['content-type']).toBe('text/html; charset=utf-8');
        expect(reply.headers['cache-control']).toBe('no-store');
        expect(reply.body).not.toContain('__CSP_NONCE__');
        const [nonce] = /(?<=nonce=")[\w-]{20,}(?=")/.exec(reply.body)!;
        expect(reply.headers['content-security-policy']).toContain(`style-src 'self' 'nonce-${nonce}'`);
        return nonce;
      });
      expect(nonces[0]).not.toBe(nonces[1]);
    },
  );

  test('allows itself nothing from elsewhere, no script in its page, and no frame around it', async () => {
    const { headers } = await server.inject({ url: '/', headers: html });
    const policy = headers['content-security-policy'] as string;
    const directives = Object.fromEntries(policy.split(';').map((each) => [each.split(' ', 1)[0], each]));
    expect(directives).toMatchObject({
      'default-src': "default-src 'none'",
      'script-src': "script-src 'self'",
      'connect-src': "connect-src 'self'",
      'frame-ancestors': "frame-ancestors 'none'",
      'base-uri': "base-uri 'none'",
      'form-action': "form-action 'self'",
    });
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    });
  });

  test('has assets that are kept for a year, and other files that are asked for again', async () => {
    const asset = await server.inject('/assets/app-1a2b.js');
    expect(asset).toMatchObject({ statusCode: 200, body: 'let a = 1;' });
    expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(asset.headers['content-type']).toMatch(/javascript/);
    const other = await server.inject('/robots.txt');
    expect(other).toMatchObject({ statusCode: 200, body: 'Disallow: /' });
    expect(other.headers['cache-control']).toBe('no-cache');
  });

  test.each([
    '/assets/gone-1a2b.js',
    '/assets/../../secret.txt',
    '/assets/%2e%2e/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/secret.txt',
    '/assets',
    '/assets/',
    '/api/nowhere',
    '/metrics/nowhere',
  ])('has no file at %s', async (url) => {
    // A browser that asks for a page gets the page, and nothing else.
    const page = await server.inject({ url, headers: html });
    expect(page.body).toMatch(/^(?:<!doctype html>|\{"type":"about:blank")/);
    expect((await server.inject({ url })).statusCode).toBeGreaterThanOrEqual(400);
  });

  test('stands in the way of nothing else', async () => {
    expect((await server.inject({ url: '/api/orders', headers: html })).json()).toEqual({ orders: [] });
    expect((await server.inject({ url: '/api/nowhere', headers: html })).statusCode).toBe(404);
    expect((await server.inject({ url: '/orders', method: 'POST', headers: html })).statusCode).toBe(404);
  });
});

test('one that is not built says how to build it, and is there as soon as it is', async () => {
  const reply = await server.inject({ url: '/orders', headers: html });
  expect(reply.statusCode).toBe(503);
  expect(reply.body).toContain('turbo run build --filter @proofbox/console');
  expect(reply.headers['content-security-policy']).toContain("default-src 'none'");
  await build();
  expect((await server.inject({ url: '/orders', headers: html })).statusCode).toBe(200);
});

test('the folder itself may be missing', async () => {
  await rm(path.join(folder, 'dist'), { recursive: true });
  expect((await server.inject({ url: '/', headers: html })).statusCode).toBe(503);
  expect((await server.inject('/assets/app-1a2b.js')).statusCode).toBe(404);
});
