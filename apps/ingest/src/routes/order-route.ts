import { acceptedReply, factoryRequest, fulfilledReply, orderIn } from '@proofbox/contract';
import type { ZodServer } from '@proofbox/runtime';
import { z } from 'zod';
import type { Authenticate, Customer } from '../auth/customer.ts';
import type { Events } from '../telemetry/events.ts';
import { placeOrder, type Intake } from '../intake/place-order.ts';
import { readPreference } from './prefer.ts';
import { readSubmission, type SubmissionRules } from '../intake/submission.ts';

export type OrderRouteOptions = {
  intake: Intake;
  authenticate: Authenticate;
  rules: SubmissionRules;
  waitMs: number;
  events: Events;
};

const headers = z.object({
  'Idempotency-Key': z
    .string()
    .optional()
    .describe('Any string of 1 to 200 characters that is new for each purchase'),
  Prefer: z.string().optional().describe('RFC 7240: `respond-async`, `wait=n` (seconds, at most 10)'),
});

/** `POST /api/order`: for diners' frontends, and for order services that take us for a factory. */
export function orderRoute(server: ZodServer, options: OrderRouteOptions): void {
  const customers = new WeakMap<object, Customer>();

  server.post(
    '/api/order',
    {
      config: {
        operationId: 'placeOrder',
        summary: 'Place an order',
        description:
          'Waits for the receipt up to WAIT_MS, then answers 202 with a ticket. The same Idempotency-Key and body give the same order. ' +
          'A diner posts `OrderIn` with a bearer token; an order service posts `FactoryRequest` with one of VENDOR_API_KEYS.',
        security: ['diner', 'service'],
        headers,
        bodies: [orderIn, factoryRequest],
        replies: {
          200: ['Baked: `jwt` is the receipt', fulfilledReply],
          202: ['Durable and on its way: `jwt` is the ticket', acceptedReply],
        },
        problems: [401, 422, 503],
      },
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
      const { code, body } = await placeOrder(options.intake, order, preference.waitMs);
      if (preference.applied !== undefined) void reply.header('Preference-Applied', preference.applied);
      if ('statusUrl' in body) void reply.header('Location', body.statusUrl);
      return reply.code(code).send(body);
    },
  );
}
