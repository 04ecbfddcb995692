import type { FactoryVerdict } from '@proofbox/contract';
import { unknownFactory, type VerdictBoard, type VerdictChange } from '@proofbox/ledger';

/** A board in memory for one factory: whoever shares it hears of every change at once. */
export type TestBoard = Pick<VerdictBoard, 'get' | 'update' | 'watch'> & {
  verdict: FactoryVerdict;
  /** While it is, no change can be made, as when Redis refuses to write. */
  isBroken: boolean;
};

export function createTestBoard(): TestBoard {
  const listeners: (() => void)[] = [];
  const board: TestBoard = {
    verdict: unknownFactory('primary'),
    isBroken: false,
    get: () => board.verdict,
    watch: (listener) => void listeners.push(listener),
    async update(_factory, change: VerdictChange) {
      if (board.isBroken) throw new Error('Redis refuses to write');
      board.verdict = change(board.verdict) ?? board.verdict;
      for (const listener of listeners) listener();
      return board.verdict;
    },
  };
  return board;
}
