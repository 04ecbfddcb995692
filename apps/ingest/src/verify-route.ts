import {
  parseOrProblem,
  ProblemError,
  toOrderStatus,
  verifyIn,
  type OrderRecord,
  type ReceiptPayload,
  type VerifyReply,
} from '@proofbox/contract';
import type { Ledger } from '@proofbox/ledger';
import type { ReceiptVerifier } from '@proofbox/runtime';
import type { FastifyInstance } from 'fastify';
import { ledgerAway } from './ledger-away.ts';
import { looksLikeTicket, type Tickets } from './tickets.ts';

export type VerifyRouteOptions = { ledger: Ledger; tickets: Tickets; verifiers: ReceiptVerifier[] };

/** `POST /api/order/verify`: is this receipt, or this ticket, one of ours? Needs no login, as at the factory. */
export function verifyRoute(server: FastifyInstance, options: VerifyRouteOptions): void {
  server.post('/api/order/verify', async (request): Promise<VerifyReply> => {
    const { jwt } = parseOrProblem(verifyIn, request.body, 'The request');
    return looksLikeTicket(jwt)
      ? verifyTicket(options, jwt)
      : { message: 'valid', payload: await verifyReceipt(options, jwt) };
  });
}

async function verifyTicket({ ledger, tickets }: VerifyRouteOptions, ticket: string): Promise<VerifyReply> {
  const orderId = tickets.read(ticket);
  const order = orderId === undefined ? undefined : await ledger.find(orderId).catch(ledgerAway);
  if (order === undefined) throw invalid();
  const { jwt, ...payload } = toOrderStatus(order);
  return { message: ticketMessage(order), payload, ...(jwt !== undefined && { jwt }) };
}

function ticketMessage({ state }: OrderRecord): VerifyReply['message'] {
  if (state === 'fulfilled') return 'valid';
  return state === 'queued' || state === 'baking' ? 'pending' : 'delayed';
}

/** Any of our factories may have signed it; each knows only its own key. */
async function verifyReceipt({ verifiers }: VerifyRouteOptions, jwt: string): Promise<ReceiptPayload> {
  const checks = await Promise.all(verifiers.map((verifier) => verifier.verify(jwt)));
  const valid = checks.find((check) => check.verdict === 'valid');
  if (valid) return valid.payload;
  if (checks.some((check) => check.verdict === 'unavailable')) {
    throw new ProblemError({
      status: 503,
      title: 'Service Unavailable',
      detail:
        "The factory's keys cannot be fetched right now, so this receipt cannot be checked. Please try again in a few seconds.",
      headers: { 'Retry-After': '5' },
    });
  }
  throw invalid();
}

function invalid(): ProblemError {
  return new ProblemError({ status: 403, title: 'Forbidden', detail: 'invalid' });
}
