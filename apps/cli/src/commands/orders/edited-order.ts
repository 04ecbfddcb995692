import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { findInexact, orderIn, type Inexact, type OrderIn, type OrderWithId } from '@proofbox/contract';
import { InvalidArgumentError } from 'commander';
import { badUsage } from '../../session/command-failure.ts';
import type { Session } from '../../session/session.ts';

/** A value that is to be set, and where: `items.0.price`. */
export type Edit = [path: string, value: string];

/** What is wrong with an order, a line each; empty for a good one. */
export type ReadOrder = { order: OrderIn; problems: [] } | { order?: never; problems: string[] };

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Reads an order that a person wrote, and says what is wrong with it. */
export function readOrder(written: string | Uint8Array): ReadOrder {
  let json: string;
  let value: unknown;
  try {
    json = typeof written === 'string' ? written : utf8.decode(written);
    value = JSON.parse(json);
  } catch (error) {
    return { problems: [`this is not JSON: ${(error as Error).message}`] };
  }
  const inexact = findInexact(json);
  if (inexact) return { problems: [describeInexact(inexact)] };
  const parsed = orderIn.safeParse(value);
  if (parsed.success) return { order: parsed.data, problems: [] };
  return {
    problems: parsed.error.issues.map(({ path, message }) =>
      describeInexact({ path: path.map(String).join('.'), message }),
    ),
  };
}

function describeInexact({ path, message }: Inexact): string {
  return path === '' ? message : `${path}: ${message}`;
}

/** `-` is the standard input. @throws CommandFailure */
export function readOrderFile({ environment }: Pick<Session, 'environment'>, file: string): OrderIn {
  // npm runs us in the checkout, wherever it was called.
  const from = environment['INIT_CWD'] ?? '.';
  const { order, problems } = readOrder(bytesOf(file === '-' ? 0 : resolve(from, file)));
  if (order) return order;
  throw badUsage(`${file === '-' ? 'The input' : file} has no order: ${problems.join('; ')}`);
}

/** @param file its path, or the number of an open one */
function bytesOf(file: string | number): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw badUsage(`${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}).`);
  }
}

/** Reads `items.0.price=0.004`. @throws InvalidArgumentError */
export function readEdit(text: string): Edit {
  const at = text.indexOf('=');
  const path = text.slice(0, Math.max(0, at));
  if (/^[\w-]+(\.[\w-]+)*$/.test(path) && !path.split('.').includes('__proto__'))
    return [path, text.slice(at + 1)];
  throw new InvalidArgumentError('Expected a field and a value, such as items.0.price=0.004.');
}

/**
 * An order with some values set. A value is JSON where it can be read as such and where what stands there is no text, so
 * that the store "7" does not become the number 7.
 * @throws CommandFailure for a field that is not there, or an order that would be none
 */
export function withSettings(before: OrderWithId, edits: readonly Edit[]): OrderIn {
  const order = structuredClone(before);
  for (const [path, value] of edits) {
    const names = path.split('.');
    const last = names.pop()!;
    let holder: unknown = order;
    for (const name of names) holder = isContainer(holder) ? holder[name] : undefined;
    if (!isContainer(holder) || !hasField(holder, last))
      throw badUsage(`There is no field ${path} in this order.`);
    holder[last] = typeof holder[last] === 'string' ? value : jsonOrText(path, value);
  }
  const { order: checked, problems } = readOrder(JSON.stringify(order));
  if (checked) return checked;
  throw badUsage(`This would not be a valid order: ${problems.join('; ')}`);
}

/** A list can be changed where it has an entry, or become longer by one. */
function hasField(holder: object, name: string): boolean {
  return !Array.isArray(holder) || (/^\d{1,9}$/.test(name) && Number(name) <= holder.length);
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** @throws CommandFailure for JSON that would become something else */
function jsonOrText(path: string, text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  const inexact = findInexact(text);
  if (inexact) throw badUsage(`${path} cannot be set to this: ${describeInexact(inexact)}.`);
  return value;
}
