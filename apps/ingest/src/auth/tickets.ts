import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

const prefix = 'ticket_';

export type Tickets = {
  /** The ticket of an order: unguessable, the same each time, and nothing that parses as a JWT. */
  issue(orderId: string): string;
  /** The order a ticket belongs to, or undefined when it is not one of ours. */
  read(ticket: string): string | undefined;
};

/** Tickets are signed, not stored: any ingest can issue and read them, with or without Redis. */
export function createTickets(secret: string): Tickets {
  const sign = (orderId: string): string => createHmac('sha256', secret).update(orderId).digest('base64url');
  return {
    issue: (orderId) => `${prefix}${orderId}_${sign(orderId)}`,
    read(ticket) {
      const match = /^ticket_([\w-]{1,100}?)_([\w-]{43})$/.exec(ticket);
      if (!match) return undefined;
      const [, orderId = '', signature = ''] = match;
      return timingSafeEqual(Buffer.from(signature), Buffer.from(sign(orderId))) ? orderId : undefined;
    },
  };
}

/** Whether a text means to be a ticket rather than a receipt. */
export function looksLikeTicket(text: string): boolean {
  return text.startsWith(prefix);
}

/** A secret for tickets out of the one for logins, for shops that set only that. */
export function ticketSecretFrom(jwtSecret: string): string {
  return Buffer.from(hkdfSync('sha256', jwtSecret, '', 'proofbox ticket', 32)).toString('hex');
}
