import type { AdminRole } from '@proofbox/local';

/** A reply of the admin API, read whole. `body` is whatever JSON came; `text` what came at all. */
export type AdminAnswer = { status: number; headers: Headers; text: string; body: unknown };

type AdminInit = { body?: unknown; headers?: Record<string, string> };

/** Somebody who asks the admin API. */
export type AdminCaller = {
  request(method: string, path: string, init?: AdminInit): Promise<AdminAnswer>;
  get(path: string): Promise<AdminAnswer>;
  post(path: string, body?: unknown): Promise<AdminAnswer>;
  /** Of a GET only how it begins: its reply may never end. */
  begin(path: string): Promise<Pick<AdminAnswer, 'status' | 'headers'>>;
};

export type AdminClient = {
  url: string;
  /** With the token of a role, or of nobody. */
  as(role: AdminRole | 'nobody'): AdminCaller;
  /** With this token. */
  bearer(token: string): AdminCaller;
  /** Signs in as a browser does, and goes on as a page of the console would. */
  signIn(role: AdminRole): Promise<AdminCaller & { cookie: string }>;
};

export function createAdminClient(options: {
  url: string;
  tokens: Partial<Record<AdminRole, string>>;
}): AdminClient {
  const { url, tokens } = options;

  function caller(own: Record<string, string>): AdminCaller {
    async function request(method: string, path: string, init: AdminInit = {}): Promise<AdminAnswer> {
      const { body } = init;
      const reply = await fetch(`${url}${path}`, {
        method,
        redirect: 'manual',
        signal: AbortSignal.timeout(30_000),
        headers: {
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...own,
          ...init.headers,
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await reply.text();
      const isJson = /json/.test(reply.headers.get('content-type') ?? '');
      return { status: reply.status, headers: reply.headers, text, body: isJson ? parse(text) : undefined };
    }
    return {
      request,
      get: (path) => request('GET', path),
      post: (path, body = {}) => request('POST', path, { body }),
      async begin(path) {
        const reply = await fetch(`${url}${path}`, { headers: own, signal: AbortSignal.timeout(30_000) });
        await reply.body?.cancel();
        return { status: reply.status, headers: reply.headers };
      },
    };
  }

  function bearer(token: string): AdminCaller {
    return caller({ authorization: `Bearer ${token}` });
  }

  return {
    url,
    bearer,
    as: (role) => (role === 'nobody' ? caller({}) : bearer(tokens[role] ?? 'no token')),
    async signIn(role) {
      const reply = await caller({ origin: url }).post('/api/session', { token: tokens[role] });
      const cookie = reply.headers.get('set-cookie')?.split(';', 1)[0];
      if (cookie === undefined) throw new Error(`could not sign in: ${reply.status} ${reply.text}`);
      return { ...caller({ cookie, 'sec-fetch-site': 'same-origin' }), cookie };
    },
  };
}

/** The export of the audit log is JSON line by line. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
