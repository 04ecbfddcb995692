import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Stack } from '@proofbox/local';

type Called = { status: number; body: string; ms: number };

/** Somebody with a bearer token and one connection that is kept. */
export type AdminCaller = Disposable & {
  /** @throws Error for any reply but 2xx */
  get(path: string): Promise<Called>;
  post(path: string, body: object): Promise<Called>;
  /** Reads a reply as it comes and keeps nothing of it. @returns how many bytes came until it ended or `signal` aborted */
  read(path: string, signal?: AbortSignal): Promise<number>;
};

export function createAdminCaller({ urls, adminTokens }: Stack): AdminCaller {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  const authorization = `Bearer ${adminTokens.admin}`;

  async function call(method: string, path: string, body?: object): Promise<Called> {
    const startedAt = performance.now();
    const json = body === undefined ? undefined : JSON.stringify(body);
    const headers = { authorization, ...(json !== undefined && { 'content-type': 'application/json' }) };
    const { promise, resolve, reject } = Promise.withResolvers<Called>();
    const sent = request(`${urls.admin}${path}`, { agent, method, headers }, (reply) => {
      const status = reply.statusCode!;
      text(reply).then((said) => resolve({ status, body: said, ms: performance.now() - startedAt }), reject);
    });
    sent.on('error', reject).end(json);
    const called = await promise;
    if (called.status >= 300)
      throw new Error(`${method} ${path}: ${called.status} ${called.body.slice(0, 300)}`);
    return called;
  }

  async function read(path: string, signal = AbortSignal.timeout(600_000)): Promise<number> {
    let bytes = 0;
    try {
      const reply = await fetch(`${urls.admin}${path}`, { headers: { authorization }, signal });
      if (!reply.ok) throw new Error(`GET ${path}: ${reply.status}`);
      for await (const chunk of reply.body!) bytes += (chunk as Uint8Array).byteLength;
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    return bytes;
  }

  return {
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    read,
    [Symbol.dispose]: () => agent.destroy(),
  };
}
