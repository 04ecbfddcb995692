/** What the worker decides by, for a simulation that drives exactly this (`npm run policies`). */
export { bakeOrder } from './orders/bake-order.ts';
export { createAdmission, type Admission } from './admission/admission.ts';
export { sendDueCanaries, sendWitness } from './maintenance/canary.ts';
export type { Factory } from './factory/factory.ts';
export type { WorkerContext } from './orders/worker-context.ts';
