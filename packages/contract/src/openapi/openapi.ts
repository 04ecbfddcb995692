import { factoryRequest } from '../factory/factory.ts';
import { body, header, inputOf, json, outputOf, pathParameter, problems } from './openapi-parts.ts';
import { orderIn } from '../order/order.ts';
import { problem } from '../problem.ts';
import { acceptedReply, fulfilledReply, verifyIn, verifyReply } from '../order/reply.ts';
import { orderStatus } from '../order/status.ts';

const problemNames: Record<number, string> = {
  400: 'The body is not a valid order, or has something that JSON cannot carry exactly; `errors` names each wrong field',
  401: 'No token, or one that is not ours',
  403: 'The receipt or ticket is not one of ours',
  404: 'No such order among yours',
  413: 'The body is larger than 64 KiB',
  415: 'The body is not sent as application/json, in UTF-8, without a Content-Encoding',
  422: 'This Idempotency-Key was used for another order',
  503: 'Could not be made durable; nothing was taken. Retry-After says when',
};

/** The ingest API as an OpenAPI 3.1 document, made from the same schemas that parse its traffic. */
export function ingestOpenApi(version: string): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Proofbox ingest API',
      version,
      description:
        'Post an order: it is durable once answered with 200 or 202, and baked however long it takes.',
    },
    paths: {
      '/api/order': {
        post: {
          operationId: 'placeOrder',
          summary: 'Place an order',
          description:
            'Waits for the receipt up to WAIT_MS, then answers 202 with a ticket. The same Idempotency-Key and body give the same order. ' +
            'A diner posts `Order` with a bearer token; an order service posts `FactoryRequest` with one of VENDOR_API_KEYS.',
          security: [{ diner: [] }, { service: [] }],
          parameters: [
            header('Idempotency-Key', 'Any string of 1 to 200 characters that is new for each purchase'),
            header('Prefer', 'RFC 7240: `respond-async`, `wait=n` (seconds, at most 10)'),
          ],
          requestBody: body('Order', 'FactoryRequest'),
          responses: {
            200: json('Baked: `jwt` is the receipt', 'Fulfilled'),
            202: json('Durable and on its way: `jwt` is the ticket', 'Accepted'),
            ...problems(problemNames, 400, 401, 413, 415, 422, 503),
          },
        },
      },
      '/api/order/verify': {
        post: {
          operationId: 'verify',
          summary: 'Verify a receipt or a ticket',
          requestBody: body('Verify'),
          responses: {
            200: json('It is one of ours', 'Verified'),
            ...problems(problemNames, 400, 403, 413, 415, 503),
          },
        },
      },
      '/api/order/{id}/status': {
        get: {
          operationId: 'orderStatus',
          summary: 'How an order is doing',
          description: "For the diner's own token, or the order's ticket as the bearer.",
          security: [{ diner: [] }, { ticket: [] }],
          parameters: [pathParameter('id', "The order's id")],
          responses: { 200: json('The order', 'OrderStatus'), ...problems(problemNames, 401, 404, 503) },
        },
      },
    },
    components: {
      schemas: {
        Order: inputOf(orderIn),
        FactoryRequest: inputOf(factoryRequest),
        Fulfilled: outputOf(fulfilledReply),
        Accepted: outputOf(acceptedReply),
        Verify: inputOf(verifyIn),
        Verified: outputOf(verifyReply),
        OrderStatus: outputOf(orderStatus),
        Problem: outputOf(problem),
      },
      securitySchemes: {
        diner: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: "The shop's login token" },
        ticket: { type: 'http', scheme: 'bearer', description: 'The ticket of a 202' },
        service: { type: 'http', scheme: 'bearer', description: 'One of VENDOR_API_KEYS' },
      },
    },
  };
}
