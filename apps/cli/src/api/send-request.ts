import type { IncomingMessage } from 'node:http';

/**
 * Sends a request, and resolves with the head of the reply; its body is to be read as text.
 * Neither `fetch` nor an import of node:http: both load a second HTTP client that comes with Node, and that takes longer
 * than all that a short command does.
 */
export function sendRequest(
  url: string,
  input: {
    method: 'GET' | 'POST';
    headers: Record<string, string>;
    body: string | undefined;
    signal: AbortSignal;
  },
): Promise<IncomingMessage> {
  const { method, headers, body, signal } = input;
  const { request } = url.startsWith('https:')
    ? process.getBuiltinModule('node:https')
    : process.getBuiltinModule('node:http');
  return new Promise((resolve, reject) => {
    request(url, { method, headers, signal }, (reply) => resolve(reply.setEncoding('utf8')))
      .on('error', reject)
      .end(body);
  });
}
