import { connectPatiently } from '@proofbox/ledger';
import { inject, test } from 'vitest';
import { openShop } from '../support/shop.ts';
test('hot', async () => {
  await using shop = await openShop({ fallback: false, timings: { waitMs: 0 }, env: { worker: { FACTORY_PRIMARY_MAX_RPS: '1' } } });
  const redis = connectPatiently({ url: inject('redisUrl'), onError: () => {} });
  const count = async () => Number(/total_commands_processed:(\d+)/.exec(await redis.info('stats'))![1]);
  const a = await count(); await new Promise((r) => setTimeout(r, 3000)); const b = await count();
  process.stderr.write(`idle ${(b - a) / 3}/s\n`);
  for (let i = 0; i < 20; i++) await shop.diner.order();
  const c = await count(); await new Promise((r) => setTimeout(r, 5000)); const d = await count();
  process.stderr.write(`20 orders at 1 rps ${(d - c) / 5}/s ${JSON.stringify(await shop.primary.totals())}\n`);
  redis.disconnect();
});
