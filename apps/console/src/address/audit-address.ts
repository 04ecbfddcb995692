import { auditActions, type AuditFilter } from '@proofbox/contract/admin';
import { listIn, momentIn, textIn, toQuery } from './query.ts';

/** A part of the audit log as its address says it. */
export type AuditAddress = { filter: AuditFilter; cursor?: string };

/** Reads the address. What does not make sense in it is left out. */
export function readAuditAddress(query: URLSearchParams): AuditAddress {
  const by = textIn(query.get('by'));
  const action = listIn(query.get('action'), auditActions);
  const subject = textIn(query.get('subject'));
  const from = momentIn(query.get('from'));
  const to = momentIn(query.get('to'));
  const cursor = textIn(query.get('cursor'), 2_000);
  return {
    filter: {
      ...(by && { by }),
      ...(action && { action }),
      ...(subject && { subject }),
      ...(from && { from }),
      ...(to && { to }),
    },
    ...(cursor && { cursor }),
  };
}

export function writeAuditAddress({ filter, cursor }: AuditAddress): string {
  return `/audit${toQuery({ ...filter, cursor })}`;
}
