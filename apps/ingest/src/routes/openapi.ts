import * as schemas from '@proofbox/contract';
import type { OpenApiAbout } from '@proofbox/runtime';

/** What the document of the ingest API says beside its routes. Only loaded when it is asked for. */
export const about: OpenApiAbout = {
  title: 'Proofbox ingest API',
  description: 'Post an order: it is durable once answered with 200 or 202, and baked however long it takes.',
  schemas,
  problems: {
    400: 'The body is not a valid order, or has something that JSON cannot carry exactly; `errors` names each wrong field',
    401: 'No token, or one that is not ours',
    403: 'The receipt or ticket is not one of ours',
    404: 'No such order among yours',
    413: 'The body is larger than 64 KiB',
    415: 'The body is not sent as application/json, in UTF-8, without a Content-Encoding',
    422: 'This Idempotency-Key was used for another order',
    503: 'Could not be made durable; nothing was taken. Retry-After says when',
  },
  securitySchemes: {
    diner: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: "The shop's login token" },
    ticket: { type: 'http', scheme: 'bearer', description: 'The ticket of a 202' },
    service: { type: 'http', scheme: 'bearer', description: 'One of VENDOR_API_KEYS' },
  },
};
