import { adminExamples as examples } from './admin-openapi-examples.ts';
import { sessionCookies } from '../admin/index.ts';
import { adminOperations, type Operation } from './admin-operations.ts';
import { adminSchemas, type SchemaName } from './admin-schemas.ts';
import { inputOf, json, outputOf, problems, ref } from './openapi-parts.ts';

const problemWords: Record<number, string> = {
  400: 'The request is not valid; `errors` names each wrong field',
  401: 'Nobody is signed in: no token, one that is not valid here, or a session that has ended',
  403: 'The role is too low, or the request came from a page of another site',
  404: 'There is no such order, task or factory',
  409: 'It cannot be done any more, or not yet: somebody else was faster, or the task has ended',
  413: 'The body is too large',
  415: 'The body is not sent as application/json',
  429: 'Too many tokens that were not valid came from this address. Retry-After says when to try again',
  503: 'Redis does not answer. Retry-After says when to try again',
};

/** The admin API as an OpenAPI 3.1 document, made from the same schemas that parse its traffic. */
export function adminOpenApi(version: string): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Proofbox admin API',
      version,
      description:
        'Finds, explains, replays and discards orders that were not fulfilled, and shows how everything is. ' +
        'Send a token of ADMIN_TOKENS as bearer, or sign in with it and keep the cookie. ' +
        'A request by cookie that changes something must come from a page of this server and be application/json. ' +
        'Roles: a viewer looks, an operator changes and reveals, an admin also exports the audit log.',
    },
    paths: Object.fromEntries(
      Object.entries(adminOperations()).map(([path, methods]) => [
        path,
        Object.fromEntries(Object.entries(methods).map(([method, each]) => [method, toOpenApi(each)])),
      ]),
    ),
    components: {
      schemas: Object.fromEntries(
        Object.entries(adminSchemas).map(([name, { schema, io }]) => [
          name,
          io === 'input' ? inputOf(schema) : outputOf(schema),
        ]),
      ),
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: "A token of ADMIN_TOKENS, or the login token of one of the shop's admins",
        },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: sessionCookies.http,
          description: `What POST /api/session sets; \`${sessionCookies.https}\` over https`,
        },
      },
    },
  };
}

function toOpenApi(operation: Operation): object {
  const { role, parameters = [], reply } = operation;
  const told = role === 'nobody' ? 'For everybody.' : `Role: ${role}.`;
  const statuses = role === 'nobody' ? [429, 503] : [401, 403, 429, 503];
  const refusals = [...operation.problems, ...statuses].toSorted((a, b) => a - b);
  return {
    operationId: operation.id,
    tags: [operation.tag],
    summary: operation.summary,
    description: [operation.description, told].filter(Boolean).join(' '),
    'x-role': role,
    security: role === 'nobody' ? [] : [{ bearer: [] }, { session: [] }],
    ...(parameters.length > 0 && { parameters }),
    ...(operation.body && { requestBody: bodyOf(operation.body) }),
    responses: {
      [reply.status ?? 200]: replyOf(reply),
      ...problems(problemWords, ...new Set(refusals)),
    },
  };
}

function bodyOf(name: SchemaName): object {
  const example = examples[name];
  return {
    required: true,
    content: { 'application/json': { schema: ref(name), ...(example !== undefined && { example }) } },
  };
}

function replyOf({ description, name, content }: Operation['reply']): object {
  if (name !== undefined) return json(description, name, examples[name]);
  return { description, ...(content && { content }) };
}
