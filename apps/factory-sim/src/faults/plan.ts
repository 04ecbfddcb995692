import type { Fault } from './fault.ts';
import type { Strike } from './fault-switch.ts';

/** How a reply goes over the wire, if not as ever. */
export type Wire =
  | { encoding: string }
  | { interim: { status: number; count: number } }
  | { idleCloseMs: number };

/** An HTTP reply, or none: `hang` leaves the connection open, `reset` breaks it. */
export type Answer =
  | { status: number; headers?: Record<string, string>; body: unknown; wire?: Wire }
  | 'hang'
  | 'reset';

/** Whose receipt it makes out: that of another order, of this one with a change, or of the first one of this number. */
export type Misreading = 'another' | 'number' | { change: Extract<Fault, { kind: 'altered' }>['change'] };

/** What happens to one order. `bake` still checks the order after the delay, as the real factory does. */
export type Plan =
  | { act: 'bake'; delayMs: number; reportUrl?: string; receiptOf?: Misreading; wire?: Wire }
  | { act: 'forge'; reportUrl: string }
  | { act: 'answer'; answer: Answer };

export type PlanOptions = {
  latencyMs: number;
  ovenFullMs: number;
  /** The URL whose GET ends the chaos. */
  reportUrlOf: (fixCode: string) => string;
};

const gatewayPage = `<!DOCTYPE html>
<html><head><title>502 Bad Gateway</title></head>
<body><center><h1>502 Bad Gateway</h1></center></body></html>
`;

/** Begins with half an emoji; characters 300 and 301, as JavaScript counts them, are the halves of another one. */
const hostileText = `${'\ud83c'.padEnd(299, 'no dough left ')}🍕 and no oven`;

/** The fault an order met, if any, as a plan. Decides only. */
export function planFor(strike: Strike | undefined, options: PlanOptions): Plan {
  const bake = { act: 'bake', delayMs: options.latencyMs } as const;
  if (!strike) return bake;
  const { fault } = strike;
  const reportUrl = options.reportUrlOf(strike.fixCode);
  switch (fault.kind) {
    case 'fail':
      return refuse(500, { message: 'chaos monkey', reportUrl });
    case 'throttle':
      return { act: 'bake', delayMs: options.ovenFullMs, reportUrl };
    case 'badjwt':
      return { act: 'forge', reportUrl };
    case 'slow':
      return { act: 'bake', delayMs: fault.ms };
    case 'lie':
      return { ...bake, receiptOf: 'another' };
    case 'altered':
      return { ...bake, receiptOf: { change: fault.change } };
    case 'byNumber':
      return { ...bake, receiptOf: 'number' };
    case 'encoded':
      return { ...bake, wire: { encoding: fault.encoding } };
    case 'interim':
      return { ...bake, wire: { interim: { status: fault.status, count: fault.count } } };
    case 'idleClose':
      return { ...bake, wire: { idleCloseMs: fault.ms } };
    case 'keys':
      return bake;
    case 'reset':
      return { act: 'answer', answer: 'reset' };
    case 'hang':
    case 'down':
      return { act: 'answer', answer: 'hang' };
    case 'html502':
      return refuse(502, gatewayPage, { 'content-type': 'text/html; charset=utf-8' });
    case 'hostileText':
      return refuse(500, { message: hostileText });
    case 'maxRps':
      return tooMany(1);
    case '429':
      return tooMany(fault.retryAfterSeconds);
    case '400':
      return refuse(400, { message: 'The order is bad: this pizza cannot be baked' });
    case '401':
      return refuse(401, { message: 'invalid authentication' });
    case '403':
      return refuse(403, { message: 'this vendor may not order' });
    case '404':
      return refuse(404, { message: 'unknown endpoint' });
  }
}

function tooMany(retryAfterSeconds: number): Plan {
  return refuse(429, { message: 'too many orders' }, { 'retry-after': String(retryAfterSeconds) });
}

function refuse(status: number, body: unknown, headers: Record<string, string> = {}): Plan {
  return { act: 'answer', answer: { status, headers, body } };
}
