import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { orderIn } from './order/order.ts';
import { parseOrProblem, problem, ProblemError } from './problem.ts';

function refusalOf(input: unknown, schema: z.ZodType = orderIn): ProblemError {
  try {
    parseOrProblem(schema, input, 'The order');
  } catch (error) {
    if (error instanceof ProblemError) return error;
    throw error;
  }
  throw new Error('expected a refusal');
}

describe('a problem', () => {
  test('is a problem document whose message repeats its detail', () => {
    const error = new ProblemError({ status: 503, title: 'Service Unavailable', detail: 'Later.' });
    expect(error.toProblem()).toEqual({
      type: 'about:blank',
      title: 'Service Unavailable',
      status: 503,
      detail: 'Later.',
      message: 'Later.',
    });
    expect(problem.parse(error.toProblem())).toEqual(error.toProblem());
    expect(error.headers).toEqual({});
  });

  test('carries its headers beside the document, not in it', () => {
    const headers = { 'Retry-After': '5' };
    const error = new ProblemError({ status: 503, title: 't', detail: 'd', headers });
    expect(error.headers).toEqual(headers);
    expect(JSON.stringify(error.toProblem())).not.toContain('Retry-After');
  });
});

describe('parsing what a client sent', () => {
  test('gives the parsed value', () => {
    expect(parseOrProblem(z.object({ a: z.string().default('b') }), {}, 'It')).toEqual({ a: 'b' });
  });

  test('names every wrong field, in the message and in the errors', () => {
    const refusal = refusalOf({ franchiseId: 1, items: [{ menuId: 1, description: 'Veggie', price: '1' }] });
    expect(refusal.toProblem()).toMatchObject({
      status: 400,
      title: 'Bad Request',
      message:
        'The order is not valid: storeId: expected an id: a number, or a string of 1 to 200 characters; ' +
        'items.0.price: expected a number such as 0.05, without quotes',
      errors: [{ path: 'storeId' }, { path: 'items.0.price' }],
    });
  });

  test('of something else altogether says what was expected, without an empty field name', () => {
    expect(refusalOf(null).message).toBe(
      'The order is not valid: expected an object with franchiseId, storeId and items',
    );
  });

  test('tells a person the first few of many errors, and keeps them all in the list', () => {
    const items = Array.from({ length: 20 }, () => ({}));
    const { message, errors } = refusalOf({ franchiseId: 1, storeId: 1, items }).toProblem();
    expect(errors).toHaveLength(60);
    expect(message).toMatch(/^The order is not valid: (items\.\d\.\w+: [^;]+; ){5}and 55 more$/);
  });
});
