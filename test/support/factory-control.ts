export type Fault = { kind: string; [more: string]: unknown };

/** Tells a stand-in factory how to behave, and asks it what it did. */
export type FactoryControl = {
  misbehave(fault: Fault): Promise<void>;
  mend(): Promise<void>;
  /** How often this order reached the factory, and how often it was baked. */
  order(orderId: string): Promise<{ requests: number; baked: number }>;
  totals(): Promise<{ requests: number; baked: number }>;
  /** Every order that reached the factory, in the order in which they first came. */
  orders(): Promise<FactoryOrder[]>;
  /** Every call of `POST /api/order`, oldest first. */
  requests(): Promise<FactoryRequest[]>;
};

type FactoryOrder = { orderId: string; requests: number; baked: number };

/** `at` in ms since the epoch; `fault` is the kind of the fault it met, if any. */
type FactoryRequest = { at: number; orderId?: string; status: number | 'none'; fault?: string };

const entriesAtOnce = 10_000;

export function createFactoryControl(url: string): FactoryControl {
  async function ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const reply = await fetch(`${url}${path}`, {
      method,
      signal: AbortSignal.timeout(30_000),
      ...(body !== undefined && {
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
    });
    if (!reply.ok)
      throw new Error(`${method} ${path} of the factory's control: ${reply.status} ${await reply.text()}`);
    return reply.json();
  }
  return {
    async misbehave(fault) {
      await ask('PUT', '/fault', fault);
    },
    async mend() {
      await ask('DELETE', '/fault');
    },
    async order(orderId) {
      return (await ask('GET', `/orders/${orderId}`)) as { requests: number; baked: number };
    },
    async totals() {
      return ((await ask('GET', '/orders?limit=0')) as { total: { requests: number; baked: number } }).total;
    },
    async orders() {
      const all: FactoryOrder[] = [];
      for (;;) {
        const page = `/orders?offset=${all.length}&limit=${entriesAtOnce}`;
        const { orders } = (await ask('GET', page)) as { orders: FactoryOrder[] };
        all.push(...orders);
        if (orders.length < entriesAtOnce) return all;
      }
    },
    async requests() {
      const all: FactoryRequest[] = [];
      for (;;) {
        const page = `/requests?after=${all.length}&limit=${entriesAtOnce}`;
        const { requests } = (await ask('GET', page)) as { requests: FactoryRequest[] };
        all.push(...requests);
        if (requests.length < entriesAtOnce) return all;
      }
    },
  };
}
