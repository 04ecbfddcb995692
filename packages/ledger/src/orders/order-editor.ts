import { factoryRequest, idText, isoTime, type OrderIn, type OrderState } from '@proofbox/contract';
import type { EditView } from '@proofbox/contract/admin';
import type { Redis } from 'ioredis';
import { layOver } from './edited-order.ts';
import type { Names } from '../redis/names.ts';
import { defineOrderScripts, type RunOrderScript } from './scripts/order-scripts.ts';

/**
 * `isOutdated`: the order was changed after the editor had seen it, so nothing was done, wherever it stands now.
 * `isEdited`: false where the edit changed nothing, and the order was just replayed.
 */
export type EditedReplay = {
  status: 'replayed' | 'unchanged' | 'missing';
  state?: OrderState;
  isEdited: boolean;
  isOutdated: boolean;
};

/** When, who did it, why, the store and the request as they were (replace-request.lua). */
const valuesOfEdit = 5;

export type OrderEditor = ReturnType<typeof createOrderEditor>;

/** Edits dead letters (docs/decisions/0015-what-was-baked-is-what-the-order-says.md). */
export function createOrderEditor({
  redis,
  names,
  now,
  run = defineOrderScripts({ redis, names }),
}: {
  redis: Redis;
  names: Names;
  /** For tests: in place of Redis' own clock. */
  now?: () => number;
  /** Runs the scripts; for tests in which one of them fails. */
  run?: RunOrderScript;
}) {
  return {
    /**
     * Edits a dead or held order and gives it a fresh start, all or nothing, with audit entries. The caller puts it back
     * into the queue.
     * @param input.asOf when the order had changed last as the editor saw it, in ms since the epoch
     * @throws InvalidEdit when the edit would change the order's id, OrderTooLarge when the order would become too large
     */
    async replayEdited(input: {
      id: string;
      order: OrderIn;
      deadlineMs: number;
      by: string;
      why: string;
      asOf?: number;
    }): Promise<EditedReplay> {
      const { id, by, why, asOf } = input;
      const before = await redis.hget(names.order(id), 'request');
      if (before === null) return { status: 'missing', isEdited: false, isOutdated: false };
      const request = factoryRequest.parse(JSON.parse(before));
      const { order, changed } = layOver(request.order, input.order);
      const isEdit = changed.length > 0;
      const reply = await run('edit', names.order(id), [
        names.root,
        id,
        now?.() ?? '',
        input.deadlineMs,
        by,
        why,
        before,
        isEdit ? JSON.stringify({ ...request, order }) : '',
        idText(order.storeId),
        asOf ?? '',
        `changed ${changed.join(', ')}`,
      ]);
      const [status, state] = reply as ['replayed' | 'outdated' | 'unchanged' | 'missing', OrderState?];
      return {
        status: status === 'outdated' ? 'unchanged' : status,
        ...(state !== undefined && { state }),
        isEdited: isEdit && status === 'replayed',
        isOutdated: status === 'outdated' || (status === 'unchanged' && asOf !== undefined),
      };
    },

    /** What the order said before each edit, oldest first. */
    async edits(id: string): Promise<EditView[]> {
      const values = await redis.lrange(names.edits(id), 0, -1);
      return Array.from({ length: values.length / valuesOfEdit }, (_each, i) => {
        const [at, by, why, , request] = values.slice(valuesOfEdit * i, valuesOfEdit * (i + 1));
        const { order } = factoryRequest.parse(JSON.parse(request!));
        return { at: isoTime(Number(at)), by: by!, why: why!, before: order };
      });
    },
  };
}
