import type { RedisCondition } from '@proofbox/ledger';
import { Counter, type Logger, type Registry } from '@proofbox/runtime';

/** Why a caller was not let in, or not let do something. */
export type RefusedWhy = 'no_token' | 'bad_token' | 'session_ended' | 'role' | 'other_site' | 'too_many';

export type Events = ReturnType<typeof createEvents>;

/** One function for each thing that happens when people sign in or ask: it writes the log line and moves the metrics together. */
export function createEvents(logger: Logger, registry: Registry) {
  const registers = [registry];
  const requests = new Counter({
    name: 'proofbox_admin_requests_total',
    help: 'Requests of the admin API by route and status code.',
    labelNames: ['route', 'status'],
    registers,
  });
  const refused = new Counter({
    name: 'proofbox_admin_refused_total',
    help: 'Requests of the admin API that were refused: no_token, bad_token, session_ended, role, other_site, too_many.',
    labelNames: ['why'],
    registers,
  });

  return {
    replied(route: string, status: number): void {
      requests.inc({ route, status });
    },
    refused(why: RefusedWhy, about: { address: string; by?: string }): void {
      refused.inc({ why });
      // What anybody can cause as often as they like must not fill the disk. Tokens that are not valid are limited.
      if (why === 'bad_token' || about.by !== undefined) logger.warn({ why, ...about }, 'not let in');
    },
    signedIn(by: string, role: string): void {
      logger.info({ by, role }, 'signed in');
    },
    signedOut(by: string): void {
      logger.info({ by }, 'signed out');
    },
    revealed(by: string, orderId: string): void {
      logger.info({ by, orderId }, "a diner's data was revealed");
    },
    redisCondition(condition: RedisCondition): void {
      if (condition.state === 'unfit') logger.error(`Redis is unfit: ${condition.reasons.join(' ')}`);
      else logger.info(condition, `Redis is ${condition.state}`);
    },
    redisTrouble(error: Error): void {
      logger.warn({ err: error }, 'redis');
    },
  };
}
