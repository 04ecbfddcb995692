import type { FactoryName } from '@proofbox/contract';

/** Counts, on the wire, how often each order set out for a factory, whether or not it arrived. */
export type SendCounter = {
  /** For one connection: to be shown all that the client sends, piece by piece. */
  watch(factory: FactoryName): (piece: Buffer) => void;
  times(orderId: string, factory: FactoryName): number;
};

const orderId = /"id":"(pb-[0-9a-z]{24})"/g;
/** Longer than what is looked for, which may come in two pieces. */
const tailLength = 64;

export function createSendCounter(): SendCounter {
  const counts = new Map<string, number>();
  const nameOf = (id: string, factory: FactoryName): string => `${factory} ${id}`;
  return {
    watch(factory) {
      let tail = '';
      return (piece) => {
        const text = tail + piece.toString('latin1');
        let seen = 0;
        for (const match of text.matchAll(orderId)) {
          const name = nameOf(match[1]!, factory);
          counts.set(name, (counts.get(name) ?? 0) + 1);
          seen = match.index + match[0].length;
        }
        tail = text.slice(seen).slice(-tailLength);
      };
    },
    times: (id, factory) => counts.get(nameOf(id, factory)) ?? 0,
  };
}
