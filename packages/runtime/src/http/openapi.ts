import { problem } from '@proofbox/contract';
import type { FastifyContextConfig, RouteOptions } from 'fastify';
import { z } from 'zod';
import type { Body, Reply } from './zod-routes.ts';

/** What an API's document says beside its routes. */
export type OpenApiAbout = {
  title: string;
  description: string;
  /** Has the schema of every body; its name in the document is that of its export. */
  schemas: Record<string, unknown>;
  /** How bodies look, by their names in the document. */
  examples?: Record<string, unknown>;
  /** What a problem of each status means. */
  problems: Record<number, string>;
  securitySchemes: Record<string, object>;
  /** What follows for a route from its config: problems that it answers with, and more members of its operation. */
  follows?(route: { method: string; url: string; config: FastifyContextConfig }): {
    problems: number[];
    operation: object;
  };
};

/** An OpenAPI 3.1 document of these routes, made from the schemas that parse their traffic. */
export function openApiOf(routes: RouteOptions[], about: OpenApiAbout): object {
  const { title, description, securitySchemes, examples = {} } = about;
  const names = new Map<unknown, string>(
    Object.entries({ ...about.schemas, problem }).map(([name, each]) => [each, pascal(name)]),
  );
  const components: Record<string, object> = {};
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const methods = (paths[route.url.replaceAll(/:(\w+)/g, '{$1}')] ??= {});
    methods[String(route.method).toLowerCase()] = operationOf(route);
  }
  const info = { title, version: '0.1.0', description };
  return { openapi: '3.1.0', info, paths, components: { schemas: components, securitySchemes } };

  function operationOf({ method, url, schema = {}, config = {} }: RouteOptions): object {
    const { params, querystring, body } = schema as Record<string, z.ZodType | undefined>;
    const { operationId, summary, security, headers, bodies = body ? [body] : [], replies = {} } = config;
    const more = about.follows?.({ method: String(method), url, config });
    const problems = [
      ...(config.problems ?? []),
      ...(more?.problems ?? []),
      ...(params || querystring || bodies.length > 0 ? [400] : []),
      ...(params ? [404] : []),
      ...(bodies.length > 0 ? [413, 415] : []),
    ];
    return {
      operationId,
      summary,
      description: config.description,
      security: security?.map((scheme) => ({ [scheme]: [] })),
      parameters: [
        ...parameters('path', params),
        ...parameters('query', querystring),
        ...parameters('header', headers),
      ],
      requestBody: bodies.length > 0 ? { required: true, content: contentOf(bodies, 'input') } : undefined,
      responses: Object.fromEntries([
        ...Object.entries(replies).map(([status, reply]) => [status, replyOf(reply)]),
        ...problems.map((status) => [status, problemOf(status)]),
      ]),
      ...more?.operation,
    };
  }

  function replyOf([text, ...bodies]: Reply): object {
    return { description: text, content: bodies.length > 0 ? contentOf(bodies, 'output') : undefined };
  }

  function problemOf(status: number): object {
    const content = { 'application/problem+json': { schema: refTo(problem, 'output') } };
    return { description: about.problems[status], content };
  }

  function contentOf(bodies: Body[], io: 'input' | 'output'): object {
    const types = bodies.filter((each) => typeof each === 'string');
    if (types.length > 0)
      return Object.fromEntries(types.map((type) => [type, { schema: { type: 'string' } }]));
    const schemas = bodies.filter((each) => typeof each !== 'string').map((each) => refTo(each, io));
    if (schemas.length > 1) return { 'application/json': { schema: { anyOf: schemas } } };
    return { 'application/json': { schema: schemas[0], example: examples[names.get(bodies[0]) ?? ''] } };
  }

  function refTo(schema: z.ZodType, io: 'input' | 'output'): object {
    const name = names.get(schema);
    if (name === undefined) throw new Error('The OpenAPI document cannot name a schema that is no export.');
    components[name] ??= z.toJSONSchema(schema, { io });
    return { $ref: `#/components/schemas/${name}` };
  }
}

function parameters(location: 'path' | 'query' | 'header', schema: z.ZodType | undefined): object[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input' });
  return Object.entries(properties as Record<string, { type?: string; description?: string }>).map(
    ([name, { description, ...rest }]) => ({
      name,
      in: location,
      required: required.includes(name),
      schema: rest,
      ...(rest.type === 'array'
        ? { description: `${description}, with commas`, style: 'form', explode: false }
        : { description }),
    }),
  );
}

function pascal(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
