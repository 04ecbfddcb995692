import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { adminExamples } from './admin-openapi-examples.ts';
import { adminOpenApi } from './admin-openapi.ts';
import { adminSchemas } from './admin-schemas.ts';
import { roles } from '../admin/index.ts';

type Operation = {
  operationId: string;
  description: string;
  'x-role': string;
  security: object[];
  parameters?: { name: string; in: string }[];
  requestBody?: object;
  responses: Record<string, { content?: Record<string, object> }>;
};
type Document = {
  components: { schemas: Record<string, object> };
  paths: Record<string, Record<string, Operation>>;
};

const document = adminOpenApi('1.2.3') as Document;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

describe('the OpenAPI document of the admin API', () => {
  test('is valid OpenAPI 3.1, and every reference in it leads somewhere', async () => {
    const validator = new Validator();
    expect(await validator.validate(structuredClone(document))).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
    const names = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
      ([, name]) => name,
    );
    expect(new Set(names)).toEqual(new Set(Object.keys(document.components.schemas)));
  });

  test('has a name of its own for each operation', () => {
    const names = operations.map(({ operation }) => operation.operationId);
    expect(new Set(names).size).toBe(names.length);
  });

  test.each(operations)('says of $method $path who may, what they get, and how it is refused', (each) => {
    const { path, method, operation } = each;
    const role = operation['x-role'];
    expect([...roles, 'nobody']).toContain(role);
    expect(operation.description).toContain(role === 'nobody' ? 'For everybody.' : `Role: ${role}.`);
    expect(operation.security.length > 0).toBe(role !== 'nobody');
    const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
    expect(inPath.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
    const statuses = Object.keys(operation.responses);
    const refusals = statuses.filter((status) => !status.startsWith('2'));
    expect(statuses.length - refusals.length).toBe(1);
    const expected = [
      '429',
      '503',
      ...(role === 'nobody' ? [] : ['401', '403']),
      ...(operation.requestBody ? ['400', '415'] : []),
    ];
    expect(refusals).toEqual(expect.arrayContaining(expected));
    const types = refusals.flatMap((status) => Object.keys(operation.responses[status]!.content ?? {}));
    expect(new Set(types)).toEqual(new Set(['application/problem+json']));
    expect(method === 'get' && operation.requestBody !== undefined).toBe(false);
  });

  test.each(Object.entries(adminSchemas))(
    'shows how a %s looks, as schema and parser take it',
    (name, each) => {
      const accepts = new Ajv2020({ strict: false, validateFormats: false }).compile(
        document.components.schemas[name]!,
      );
      const example = adminExamples[name];
      expect([accepts(example), accepts.errors]).toEqual([true, null]);
      expect(each.schema.safeParse(example)).toMatchObject({ success: true });
      for (const wrong of [null, 'text', [], 7]) {
        expect([wrong, accepts(wrong), each.schema.safeParse(wrong).success]).toEqual([wrong, false, false]);
      }
    },
  );
});
