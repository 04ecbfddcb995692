import {
  toOrderStatus,
  verifyIn,
  verifyReply,
  type OrderRecord,
  type ProblemError,
  type ReceiptPayload,
  type VerifyReply,
} from '@proofbox/contract';
import type { ReceiptCheck, ReceiptVerifier } from '@proofbox/factory/receipts';
import { refusal, type ZodServer } from '@proofbox/runtime';
import type { FindOrder } from '../intake/find-order.ts';
import { ledgerAway } from './ledger-away.ts';
import { looksLikeTicket, type Tickets } from '../auth/tickets.ts';

export type VerifyRouteOptions = { find: FindOrder; tickets: Tickets; verifiers: ReceiptVerifier[] };

/** `POST /api/order/verify`: is this receipt, or this ticket, one of ours? Needs no login, as at the factory. */
export function verifyRoute(server: ZodServer, options: VerifyRouteOptions): void {
  server.post(
    '/api/order/verify',
    {
      schema: { body: verifyIn },
      config: {
        operationId: 'verify',
        summary: 'Verify a receipt or a ticket',
        replies: { 200: ['It is one of ours', verifyReply] },
        problems: [403, 503],
      },
    },
    async ({ body: { jwt } }): Promise<VerifyReply> => {
      return looksLikeTicket(jwt)
        ? verifyTicket(options, jwt)
        : { message: 'valid', payload: await verifyReceipt(options, jwt) };
    },
  );
}

async function verifyTicket({ find, tickets }: VerifyRouteOptions, ticket: string): Promise<VerifyReply> {
  const orderId = tickets.read(ticket);
  if (orderId === undefined) throw invalid();
  // A ticket is only given for an order that is durable: one that is not found waits in the outbox of another ingest.
  const order = (await find(orderId).catch(ledgerAway)) ?? ledgerAway();
  const { jwt, ...payload } = toOrderStatus(order);
  return { message: ticketMessage(order), payload, ...(jwt !== undefined && { jwt }) };
}

function ticketMessage({ state }: OrderRecord): VerifyReply['message'] {
  if (state === 'fulfilled') return 'valid';
  return state === 'queued' || state === 'baking' ? 'pending' : 'delayed';
}

/** Any of our factories may have signed it; each knows only its own key, and one that is away keeps nobody waiting. */
async function verifyReceipt({ verifiers }: VerifyRouteOptions, jwt: string): Promise<ReceiptPayload> {
  const checking = verifiers.map((verifier) => verifier.verify(jwt));
  const valid = await Promise.any(checking.map(asValid)).catch(() => undefined);
  if (valid) return valid;
  const checks = await Promise.all(checking);
  if (checks.some((check) => check.status === 'unavailable')) {
    throw refusal(
      503,
      "The factory's keys cannot be fetched right now, so this receipt cannot be checked. Please try again in a few seconds.",
      { 'Retry-After': '5' },
    );
  }
  throw invalid();
}

/** @throws Error when it is not */
async function asValid(checking: Promise<ReceiptCheck>): Promise<ReceiptPayload> {
  const check = await checking;
  if (check.status === 'valid') return check.payload;
  throw new Error(check.why);
}

function invalid(): ProblemError {
  return refusal(403, 'invalid');
}
