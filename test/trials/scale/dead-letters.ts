import type { DeadLetterReason } from '@proofbox/contract';
import type { DeadLetterSeed } from '@proofbox/ledger/testing';
import { createDice, type Dice } from '../../support/seeded-random.ts';

/** All dead letters were settled within so many days before this moment. */
export const lastSettledAt = Date.UTC(2026, 10, 23);
const dayMs = 86_400_000;
const days = 30;

/** What only a few dead letters have, however many there are. */
export const rare = { store: '9999', diner: 'rare diner', text: 'the oven door is stuck', count: 20 };

const crockford = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * The dead letters of a shop with two factories, 200 stores and many diners, in batches, always the same ones. The
 * reasons, errors and factories are as uneven as real ones.
 * @param together the part of them that was settled in one millisecond
 */
export function* deadLetters({
  orders,
  together,
  batch,
}: {
  orders: number;
  together: number;
  batch: number;
}): Generator<DeadLetterSeed[]> {
  const dice = createDice(7);
  const rareEvery = Math.max(1, Math.floor(orders / rare.count));
  for (let from = 0; from < orders; from += batch) {
    const size = Math.min(batch, orders - from);
    yield Array.from({ length: size }, (_each, i) =>
      deadLetter({ dice, n: from + i, isRare: (from + i) % rareEvery === 0, together, orders }),
    );
  }
}

function deadLetter({
  dice,
  n,
  isRare,
  together,
  orders,
}: {
  dice: Dice;
  n: number;
  isRare: boolean;
  together: number;
  orders: number;
}): DeadLetterSeed {
  const id = `pb-${Array.from({ length: 24 }, () => dice.pick([...crockford])).join('')}`;
  const settledAt = dice.happens(together)
    ? lastSettledAt - (days / 2) * dayMs
    : lastSettledAt - Math.floor(((orders - n) / orders) * days * dayMs) - dice.between(0, 60_000);
  const { state, reason, tries } = ending(dice);
  const acceptedAt = settledAt - dice.between(60_000, dayMs);
  const dinerId = isRare && dice.happens(0.5) ? rare.diner : `${dice.between(1, Math.ceil(orders / 4))}`;
  return {
    order: {
      id,
      fingerprint: `${id}-fingerprint-as-long-as-a-hash-of-a-body-is`,
      source: 'frontend',
      dinerId,
      request: {
        diner: { id: dinerId, name: `Diner ${dinerId}`, email: `d${n}@jwt.example` },
        order: {
          id,
          franchiseId: 1,
          storeId: isRare ? rare.store : dice.between(1, 200),
          items: items(dice),
        },
      },
      acceptedAt,
      deadlineMs: dayMs,
    },
    attempts: Array.from({ length: tries }, (_each, i) => ({
      factory: dice.happens(0.85) ? 'primary' : 'fallback',
      startedAt: acceptedAt + i * 1_000,
      endedAt: acceptedAt + i * 1_000 + dice.between(5, 900),
      status: 500,
      detail: isRare ? rare.text : errorText(dice, id),
    })),
    state,
    reason,
    settledAt,
  };
}

function ending(dice: Dice): { state: 'dead' | 'held'; reason: DeadLetterReason; tries: number } {
  const chance = dice.next();
  if (chance < 0.4) return { state: 'dead', reason: 'rejected', tries: 1 };
  if (chance < 0.7) return { state: 'dead', reason: 'exhausted', tries: 5 };
  if (chance < 0.95) return { state: 'dead', reason: 'expired', tries: 2 };
  return { state: 'held', reason: 'unknown_outcome', tries: 1 };
}

function items(dice: Dice): { menuId: number; description: string; price: number }[] {
  return Array.from({ length: dice.between(1, 3) }, () => ({
    menuId: dice.between(1, 40),
    description: dice.pick(['Veggie', 'Pepperoni', 'Margarita', 'Crusty', 'Charred Leopard']),
    price: 0.0038,
  }));
}

/** Half are the same, most differ in numbers or ids only, and some are of a hundred kinds. */
function errorText(dice: Dice, id: string): string {
  const chance = dice.next();
  if (chance < 0.5) return 'chaos monkey';
  if (chance < 0.7) return `Pizza ${dice.between(1, 5_000)} is not on the menu`;
  if (chance < 0.85) return `order ${id} is unknown at counter ${dice.between(1, 9)}`;
  if (chance < 0.98) return 'no answer after the request went out (ECONNRESET)';
  return `${dice.pick(['bad', 'old', 'cold', 'late', 'wet'])} ${dice.pick(['dough', 'sauce', 'cheese', 'oven', 'box'])} on shelf ${dice.pick(['a', 'b', 'm', 'x'])}`;
}
