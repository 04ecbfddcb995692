import { z } from 'zod';

export function ref(name: string): object {
  return { $ref: `#/components/schemas/${name}` };
}

export function inputOf(schema: z.ZodType): object {
  return z.toJSONSchema(schema, { io: 'input' });
}

export function outputOf(schema: z.ZodType): object {
  return z.toJSONSchema(schema, { io: 'output' });
}

export function header(name: string, description: string): object {
  return { name, in: 'header', required: false, description, schema: { type: 'string' } };
}

export function pathParameter(name: string, description: string): object {
  return { name, in: 'path', required: true, description, schema: { type: 'string' } };
}

/** A request's body, of one of these schemas. */
export function body(...names: string[]): object {
  const refs = names.map(ref);
  const schema = refs.length === 1 ? refs[0] : { anyOf: refs };
  return { required: true, content: { 'application/json': { schema } } };
}

export function json(description: string, name: string, example?: unknown): object {
  return {
    description,
    content: { 'application/json': { schema: ref(name), ...(example !== undefined && { example }) } },
  };
}

/** Problem documents by status, in these words. */
export function problems(words: Record<number, string>, ...statuses: number[]): object {
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      {
        description: words[status],
        content: { 'application/problem+json': { schema: ref('Problem') } },
      },
    ]),
  );
}
