import { randomUUID } from 'node:crypto';
import type { Logger } from '@proofbox/runtime';
import { isChaos, type Fault } from './fault.ts';
import { createRateLimit } from './rate-limit.ts';

/** `remaining`: orders it will still meet, where `times` was given. `since` in ms since the epoch. */
type FaultStatus = { fault: null } | { fault: Fault; since: number; orders: number; remaining?: number };

type KeysTrouble = Extract<Fault, { kind: 'keys' }>['how'];

/** What one order meets. `fixCode` is the last part of the `reportUrl`. */
export type Strike = { fault: Fault; fixCode: string };

export type FaultSwitch = {
  /** Puts this fault in the place of the one before; `undefined` mends. */
  set(fault: Fault | undefined): void;
  status(): FaultStatus;
  /** What this order meets, if anything. Asking counts. */
  strike(order: unknown): Strike | undefined;
  /** What is wrong with the page of its keys, if anything. */
  keysTrouble(): KeysTrouble | undefined;
  /** What a GET on the `reportUrl` does. */
  endChaos(fixCode: string): 'ended' | 'wrong_code' | 'no_chaos';
};

export type FaultSwitchOptions = {
  /** Numbers in [0, 1). */
  random: () => number;
  logger: Pick<Logger, 'info'>;
};

type Active = { fault: Fault; fixCode: string; since: number; orders: number; withinRate: () => boolean };

/** Holds the one fault that is in force and says which orders it meets. */
export function createFaultSwitch({ random, logger }: FaultSwitchOptions): FaultSwitch {
  let active: Active | undefined;

  function mend(how: string): void {
    if (active) logger.info({ fault: active.fault.kind, orders: active.orders, how }, 'fault mended');
    active = undefined;
  }

  return {
    set(fault) {
      mend(fault ? 'replaced' : 'by the control API');
      if (!fault) return;
      active = activate(fault);
      logger.info({ fault: fault.kind }, 'fault set');
    },

    status() {
      if (!active) return { fault: null };
      const { fault, since, orders } = active;
      const times = timesOf(fault);
      return { fault, since, orders, ...(times !== undefined && { remaining: times - orders }) };
    },

    strike(order) {
      if (!active || !meets(active, order, random)) return undefined;
      const { fault, fixCode } = active;
      active.orders += 1;
      if (active.orders === timesOf(fault)) mend('after so many orders');
      return { fault, fixCode };
    },

    keysTrouble: () => (active?.fault.kind === 'keys' ? active.fault.how : undefined),

    endChaos(fixCode) {
      if (!active || !isChaos(active.fault.kind)) return 'no_chaos';
      if (active.fixCode !== fixCode) return 'wrong_code';
      mend('by its reportUrl');
      return 'ended';
    },
  };
}

function activate(fault: Fault): Active {
  const withinRate = fault.kind === 'maxRps' ? createRateLimit({ perSecond: fault.rps }) : () => false;
  return { fault, fixCode: randomUUID().replaceAll('-', ''), since: Date.now(), orders: 0, withinRate };
}

function meets({ fault, withinRate }: Active, order: unknown, random: () => number): boolean {
  if (fault.kind === 'down') return true;
  if (fault.kind === 'keys') return false;
  if (fault.orderMatching !== undefined && !jsonOf(order).includes(fault.orderMatching)) return false;
  if (fault.percent < 100 && random() * 100 >= fault.percent) return false;
  return !withinRate();
}

function jsonOf(order: unknown): string {
  return JSON.stringify(order) ?? '';
}

function timesOf(fault: Fault): number | undefined {
  return 'times' in fault ? fault.times : undefined;
}
