import type { FastifyInstance } from 'fastify';
import type { Authenticate, Customer } from '../auth/customer.ts';
import type { Events } from '../telemetry/events.ts';
import { placeOrder, type Counter } from '../intake/place-order.ts';
import { readPreference } from './prefer.ts';
import { readSubmission, type SubmissionRules } from '../intake/submission.ts';

export type OrderRouteOptions = {
  counter: Counter;
  authenticate: Authenticate;
  rules: SubmissionRules;
  waitMs: number;
  events: Events;
};

/** `POST /api/order`: for diners' frontends, and for order services that take us for a factory. */
export function orderRoute(server: FastifyInstance, options: OrderRouteOptions): void {
  const customers = new WeakMap<object, Customer>();

  server.post(
    '/api/order',
    {
      // Before the body is read: a stranger's is not worth parsing.
      onRequest: async (request) => {
        customers.set(request, await options.authenticate(request.headers.authorization));
      },
      onResponse: async (_request, reply) => options.events.replied(reply.statusCode, reply.elapsedTime),
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      const order = readSubmission({
        customer: customers.get(request)!,
        body: request.body,
        idempotencyKey: Array.isArray(key) ? key[0] : key,
        rules: options.rules,
      });
      const preference = readPreference(request.headers.prefer, options.waitMs);
      const { code, body } = await placeOrder(options.counter, order, preference.waitMs);
      if (preference.applied !== undefined) void reply.header('Preference-Applied', preference.applied);
      if ('statusUrl' in body) void reply.header('Location', body.statusUrl);
      return reply.code(code).send(body);
    },
  );
}
