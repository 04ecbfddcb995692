/** A reply with its body already read. `body` is whatever JSON came. */
export type Answer = { status: number; headers: Headers; body: Body; elapsedMs: number };
type Body = {
  order: { id: string; items: unknown[]; [field: string]: unknown };
  jwt: string;
  status: string;
  statusUrl: string;
  message: string;
  payload: { [field: string]: unknown };
  attempts: { n: number; factory: string; outcome: string }[];
  [field: string]: unknown;
};

export type Shopper = {
  token: string;
  order(body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  status(orderId: string, bearer?: string): Promise<Answer>;
  verify(jwt: string): Promise<Answer>;
  request(
    method: string,
    path: string,
    init?: { body?: string; headers?: Record<string, string> },
  ): Promise<Answer>;
};

let orders = 0;

/** What a diner posts; a description of its own each time, so that it is no double click. */
export function anOrder(changes: Record<string, unknown> = {}): Record<string, unknown> {
  orders += 1;
  return {
    franchiseId: 1,
    storeId: '1',
    items: [{ menuId: 1, description: `Veggie ${orders}`, price: 0.0038 }],
    ...changes,
  };
}

/** A diner's browser. It waits for a reply as long as `timeoutMs`, 30 s by default. */
export function createShopper(options: { url: string; token: string; timeoutMs?: number }): Shopper {
  const { url, token, timeoutMs = 30_000 } = options;

  async function request(
    method: string,
    path: string,
    init: { body?: string; headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const startedAt = performance.now();
    const reply = await fetch(`${url}${path}`, {
      method,
      signal: AbortSignal.timeout(timeoutMs),
      ...init,
    });
    const text = await reply.text();
    return {
      status: reply.status,
      headers: reply.headers,
      body: (text === '' ? {} : JSON.parse(text)) as Body,
      elapsedMs: performance.now() - startedAt,
    };
  }
  const json = { 'content-type': 'application/json' };
  return {
    token,
    request,
    order: (body = anOrder(), headers = {}) =>
      request('POST', '/api/order', {
        body: JSON.stringify(body),
        headers: { ...json, authorization: `Bearer ${token}`, ...headers },
      }),
    status: (orderId, bearer = token) =>
      request('GET', `/api/order/${orderId}/status`, { headers: { authorization: `Bearer ${bearer}` } }),
    verify: (jwt) => request('POST', '/api/order/verify', { body: JSON.stringify({ jwt }), headers: json }),
  };
}
