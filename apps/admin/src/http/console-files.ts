import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import serveStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { allow, consolePolicy } from './secure-headers.ts';

/** Stands in the built page wherever the nonce of a reply belongs. */
const noncePlaceholder = '__CSP_NONCE__';

const aYearMs = 31_536_000_000;

/** Paths that are never a page of the console, whatever a browser would accept there. */
const notPages = /^\/(?:api|assets|healthz|readyz|metrics|openapi\.json)(?:\/|$)/;

/** The console: its page at every path that a person could have open, and its files. */
export async function consoleFiles(scope: FastifyInstance, { folder }: { folder: string }): Promise<void> {
  await scope.register(serveStatic, { root: folder, serve: false, cacheControl: false });

  // Their names hold a hash of what is in them.
  scope.get('/assets/*', async (request, reply) =>
    reply.sendFile(`assets/${wildcardOf(request)}`, { cacheControl: true, maxAge: aYearMs, immutable: true }),
  );

  scope.get('/*', async (request, reply) => {
    if (isForPage(request)) return sendPage(reply, folder);
    return reply.header('Cache-Control', 'no-cache').sendFile(wildcardOf(request));
  });
}

function wildcardOf({ params }: FastifyRequest): string {
  return (params as { '*': string })['*'];
}

function isForPage({ url, headers }: FastifyRequest): boolean {
  const pathname = url.split('?', 1)[0]!;
  if (pathname === '/') return true;
  return !notPages.test(pathname) && (headers.accept?.includes('text/html') ?? false);
}

async function sendPage(reply: FastifyReply, folder: string): Promise<FastifyReply> {
  void reply.type('text/html; charset=utf-8').header('Cache-Control', 'no-store');
  const page = await readFile(path.join(folder, 'index.html'), 'utf8').catch(() => undefined);
  if (page === undefined) return reply.code(503).send(notBuilt);
  const nonce = randomBytes(16).toString('base64url');
  allow(reply, consolePolicy(nonce));
  return reply.send(page.replaceAll(noncePlaceholder, nonce));
}

const notBuilt = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Proofbox</title>
<h1>The console is not built</h1>
<p>Build it in the folder of the repository, then load this page again:</p>
<pre>npx turbo run build --filter @proofbox/console</pre>
<p><code>npm start</code> does so by itself. The API is at <code>/api</code>; <a href="/openapi.json">openapi.json</a> describes it.</p>
</html>
`;
