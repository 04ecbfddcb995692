import { inLanes } from '../../support/in-lanes.ts';
import type { Shopper } from '../../support/shopper.ts';
import { isAccepted, type Purchase } from './purchase.ts';
import type { FinalReading } from './judge.ts';

/** Asks the shop about every order it has promised, and has it verify each receipt. */
export async function readFinally(
  purchases: readonly Purchase[],
  signal: AbortSignal,
): Promise<Map<string, FinalReading>> {
  const readings = new Map<string, FinalReading>();
  await inLanes(purchases.filter(isAccepted), signal, async ({ answers, ways }) => {
    const ids = new Set(answers.flatMap((answer) => answer.orderId ?? []));
    for (const id of ids) {
      const reading = await read(ways[0]!, id).catch(() => undefined);
      if (reading) readings.set(id, reading);
    }
  });
  return readings;
}

/** @returns undefined when the shop does not know the order */
async function read(shopper: Shopper, id: string): Promise<FinalReading | undefined> {
  const { status, body } = await shopper.status(id);
  if (status !== 200) return undefined;
  const receipt: unknown = body.jwt;
  if (typeof receipt !== 'string') return { status: body.status, isVerified: false };
  const verified = await shopper.verify(receipt);
  const named = verified.body.payload?.['order'] as { id?: unknown } | undefined;
  return { status: body.status, receipt, isVerified: verified.status === 200 && named?.id === id };
}
