/** What the worker decides by, for a simulation that drives exactly this (`npm run policies`). */
export { bakeOrder } from './bake-order.ts';
export { createGate, type Gate } from './gate.ts';
export { sendDueCanaries, sendWitness } from './canary.ts';
export type { Factory } from './factory.ts';
export type { WorkerContext } from './worker-context.ts';
