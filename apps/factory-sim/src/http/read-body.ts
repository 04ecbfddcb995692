import type { FastifyInstance } from 'fastify';

/**
 * Reads bodies as the real factory does: what is not declared as JSON is an empty object, and JSON that does not
 * parse, or is neither object nor list, is an error (which becomes a 500, before the api key is looked at).
 */
export function readBodiesLikeTheFactory(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'string' }, async (request: Declared, text: string | Buffer) =>
    isJson(request.headers['content-type']) ? parseObject(String(text)) : {},
  );
}

type Declared = { headers: { 'content-type'?: string | undefined } };

function isJson(contentType: string | undefined): boolean {
  return /^application\/json\s*(;|$)/i.test(contentType ?? '');
}

function parseObject(text: string): unknown {
  if (text.trim() === '') return {};
  const parsed: unknown = JSON.parse(text);
  if (typeof parsed !== 'object' || parsed === null) {
    throw new SyntaxError('the body is JSON, but neither an object nor a list');
  }
  return parsed;
}
