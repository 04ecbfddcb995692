import { decodeJwt, decodeProtectedHeader, errors } from 'jose';
import { describe, expect, test } from 'vitest';
import { newOrderId } from '../intake/order-identity.ts';
import { createTickets, looksLikeTicket, ticketSecretFrom } from './tickets.ts';

const tickets = createTickets('a secret of the shop');
const id = newOrderId();
const ticket = tickets.issue(id);

/** The text with the character at this place replaced by another one of the same alphabet. */
function changedAt(text: string, at: number): string {
  return `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
}

describe('a ticket', () => {
  test('leads to its order, in any process that knows the secret', () => {
    expect(tickets.read(ticket)).toBe(id);
    expect(createTickets('a secret of the shop').read(ticket)).toBe(id);
    expect(createTickets('a secret of the shop').issue(id)).toBe(ticket);
  });

  test('leads nowhere when any of its characters is changed', () => {
    for (let at = 0; at < ticket.length; at += 1) {
      expect([at, tickets.read(changedAt(ticket, at))]).toEqual([at, undefined]);
    }
  });

  test('cannot be moved to another order', () => {
    const other = newOrderId();
    expect(tickets.read(ticket.replace(id, other))).toBeUndefined();
    expect(tickets.issue(other)).not.toBe(ticket);
    expect(tickets.issue(other).slice(-43)).not.toBe(ticket.slice(-43));
  });

  test.for([
    ['nothing', ''],
    ['the prefix alone', 'ticket_'],
    ['one without a signature', `ticket_${id}_`],
    ['one that is cut short', ticket.slice(0, -1)],
    ['one that goes on', `${ticket}A`],
    ['one with a line behind it', `${ticket}\n`],
    ['one with a blank before it', ` ${ticket}`],
    ['one of an order id of 10 kB', `ticket_${'x'.repeat(10_000)}_${'A'.repeat(43)}`],
  ] as const)('is not %s', ([, text]) => {
    expect(tickets.read(text)).toBeUndefined();
  });

  test('of another secret leads nowhere', () => {
    expect(createTickets('a secret of another shop').read(ticket)).toBeUndefined();
  });

  test('does not parse as a JWT, and no JWT looks like one', () => {
    expect(() => decodeJwt(ticket)).toThrow(errors.JWTInvalid);
    expect(() => decodeProtectedHeader(ticket)).toThrow(TypeError);
    expect(looksLikeTicket(ticket)).toBe(true);
    expect(looksLikeTicket('eyJhbGciOiJSUzI1NiJ9.e30.c2ln')).toBe(false);
  });

  test('goes into a header and a URL as it is', () => {
    expect(encodeURIComponent(ticket)).toBe(ticket);
  });
});

describe('the secret for tickets', () => {
  test('comes out of the one for logins, the same each time, and is not that one', () => {
    expect(ticketSecretFrom('login')).toBe(ticketSecretFrom('login'));
    expect(ticketSecretFrom('login')).not.toBe(ticketSecretFrom('login2'));
    expect(ticketSecretFrom('login')).toMatch(/^[0-9a-f]{64}$/);
  });
});
