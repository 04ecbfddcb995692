import type { JsonSchema } from './openapi.ts';

/** A JSON schema as a type of TypeScript, which is shorter to read. */
export function schemaText(schema: JsonSchema, indent = ''): string {
  const { $ref, type, items, properties } = schema;
  if ($ref !== undefined) return nameIn($ref);
  if ('const' in schema) return JSON.stringify(schema.const);
  if (schema.enum) return union(schema.enum.map((each) => JSON.stringify(each)));
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return union(choices.map((each) => schemaText(each, indent)));
  if (schema.allOf) return schema.allOf.map((each) => schemaText(each, indent)).join(' & ');
  if (Array.isArray(type)) return union(type);
  if (type === 'array') return arrayOf(schemaText(items ?? {}, indent));
  if (properties && Object.keys(properties).length > 0) return objectText(schema, indent);
  if (type === 'object') return recordText(schema, indent);
  return type === 'integer' ? 'number' : (type ?? 'unknown');
}

/** The schema that a reference names. */
export function nameIn(ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1);
}

function union(texts: string[]): string {
  return [...new Set(texts)].join(' | ');
}

function arrayOf(text: string): string {
  return /^[\w.]+$|^\{[\s\S]*\}$/.test(text) ? `${text}[]` : `(${text})[]`;
}

function recordText({ additionalProperties }: JsonSchema, indent: string): string {
  return typeof additionalProperties === 'object' && Object.keys(additionalProperties).length > 0
    ? `Record<string, ${schemaText(additionalProperties, indent)}>`
    : 'object';
}

function objectText({ properties = {}, required = [] }: JsonSchema, indent: string): string {
  const inner = `${indent}  `;
  const lines = Object.entries(properties).map(([name, field]) => {
    const mark = required.includes(name) ? '' : '?';
    const about = field.description ?? (field.format === 'date-time' ? 'ISO 8601' : undefined);
    return `${inner}${name}${mark}: ${schemaText(field, inner)};${about ? ` // ${about}` : ''}`;
  });
  return `{\n${lines.join('\n')}\n${indent}}`;
}
