import type { IncomingMessage, ServerResponse } from 'node:http';
import { parsedOrProblem } from '@proofbox/contract';
import type { FastifyBaseLogger, FastifyInstance, FastifyTypeProvider, RawServerDefault } from 'fastify';
import { z } from 'zod';

/** What a route takes is typed by the zod schemas it names: `schema: { params, querystring, body }`. */
interface ZodTypes extends FastifyTypeProvider {
  validator: this['schema'] extends z.ZodType ? z.output<this['schema']> : unknown;
}

/** A schema: JSON. A text: something else, of this media type. */
export type Body = z.ZodType | string;

/** A reply without bodies has no content. */
export type Reply = [description: string, ...bodies: Body[]];

declare module 'fastify' {
  /** What the OpenAPI document says of a route, beside its schemas. A route without an `operationId` is not in there. */
  interface FastifyContextConfig {
    operationId?: string;
    summary?: string;
    description?: string;
    /** Any of these ways to say who one is. */
    security?: string[];
    /** Headers that it reads itself. */
    headers?: z.ZodObject;
    /** Any of these bodies, where it parses them itself. */
    bodies?: z.ZodType[];
    replies?: Record<number, Reply>;
    /** Statuses of the problems that it answers with, beside those that follow from what it takes. */
    problems?: number[];
  }
}

/** A server, or a scope of one, whose routes name zod schemas. */
export type ZodServer = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypes
>;

const partLabels: Record<string, string> = {
  body: 'The request',
  querystring: 'The query',
  params: 'The path',
};

/** Routes check with zod. Fastify's own compilers for JSON Schema would be loaded with every server all the same. */
export const noJsonSchemas = { buildValidator: refuseJsonSchema, buildSerializer: refuseJsonSchema };

/** What Fastify parses a part of a request by. */
export function zodParser({ schema, httpPart = '' }: { schema: unknown; httpPart?: string }) {
  if (!(schema instanceof z.ZodType)) return refuseJsonSchema();
  return (value: unknown) => parsedOrProblem(schema, value, partLabels[httpPart] ?? httpPart);
}

function refuseJsonSchema(): never {
  throw new Error('A route has a JSON schema, and no compiler for it.');
}
