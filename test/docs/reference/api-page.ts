import { anchorOf, capitalised, code, codeBlock, paragraphs, table } from '../markdown.ts';
import type { JsonSchema, OpenApi, Operation } from './openapi.ts';
import { nameIn, schemaText } from './schema-text.ts';

/** The page of an API: its operations by resource, then the shapes of what is sent and answered. */
export function apiPage(title: string, { info, paths, components }: OpenApi): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const resources = Map.groupBy(
    operations,
    ({ operation, path }) => operation.tags?.[0] ?? path.split('/')[2]!,
  );
  const sections = [...resources].map(([resource, own]) =>
    paragraphs(`## ${capitalised(resource)}`, ...own.map(operationText)),
  );
  const schemas = Object.entries(components.schemas).map(([name, schema]) =>
    paragraphs(`### ${name}`, codeBlock('ts', `type ${name} = ${schemaText(schema)};`)),
  );
  return paragraphs(
    `# ${title}`,
    info.description,
    'The process serves the same as an OpenAPI document at `/openapi.json`. [Errors](errors.md) says what each refusal means and what to do.',
    '## Who asks',
    whoAsks(components.securitySchemes),
    ...sections,
    '## Shapes',
    'A `?` marks a field that may be missing.',
    ...schemas,
  );
}

function whoAsks(schemes: OpenApi['components']['securitySchemes']): string {
  return Object.entries(schemes)
    .map(([name, { description = '' }]) => `- **${name}**: ${description}.`)
    .join('\n');
}

function operationText(each: { path: string; method: string; operation: Operation }): string {
  const { path, method, operation } = each;
  const { summary, description, parameters = [], requestBody, responses } = operation;
  const sent = Object.entries(requestBody?.content ?? {});
  return paragraphs(
    `### ${method.toUpperCase()} ${path}`,
    `${summary}. ${description ?? ''}`.trim(),
    accessOf(operation),
    ...sent.map(([type, { schema }]) => shape(`Body (${code(type)})`, schema)),
    parameters.length > 0 &&
      table(
        ['Parameter', 'In', 'Type', 'Meaning'],
        parameters.map(({ name, in: where, schema, description: meaning = '' }) => [
          code(name),
          where,
          code(schemaText(schema)),
          meaning,
        ]),
      ),
    table(
      ['Reply', 'Meaning', 'Body'],
      Object.entries(responses)
        .filter(([status]) => !isRefusal(status))
        .map(([status, reply]) => [status, reply.description, bodyOf(reply.content)]),
    ),
    `Refused with: ${Object.keys(responses).filter(isRefusal).join(', ')}.`,
  );
}

function isRefusal(status: string): boolean {
  return Number(status) >= 400;
}

function accessOf({ 'x-role': role, security = [] }: Operation): string {
  if (role !== undefined) return role === 'nobody' ? 'Role: none is needed.' : `Role: **${role}**.`;
  const names = security.flatMap((each) => Object.keys(each));
  return names.length === 0 ? 'Anybody may ask.' : `Asked by: ${names.join(', or ')}.`;
}

/** A schema with a name is linked, one without is shown. */
function shape(label: string, schema: JsonSchema): string {
  const link = linkTo(schema);
  return link === undefined
    ? paragraphs(`${label}:`, codeBlock('ts', `type Body = ${schemaText(schema)};`))
    : `${label}: ${link}`;
}

function linkTo({ $ref, anyOf }: JsonSchema): string | undefined {
  if ($ref !== undefined) return `[${nameIn($ref)}](#${anchorOf(nameIn($ref))})`;
  const links = (anyOf ?? []).map(linkTo);
  return links.length > 0 && links.every((each) => each !== undefined) ? links.join(' or ') : undefined;
}

function bodyOf(content: Operation['responses'][string]['content'] = {}): string {
  return Object.entries(content)
    .map(([type, { schema }]) => (schema && linkTo(schema)) ?? code(type))
    .join(', ');
}
