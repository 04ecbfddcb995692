import type { Scenario } from '../scenario.ts';
import { badOrders } from './bad-orders.ts';
import { outages } from './outages.ts';
import { sharesBaked } from './share.ts';
import { throttling } from './throttling.ts';

/** What the factories of a simulation do, each told in one line. */
export const scenarios: readonly Scenario[] = [...sharesBaked, ...outages, ...throttling, ...badOrders];
