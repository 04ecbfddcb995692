/** What ingest decides by, for a simulation that drives exactly this (`npm run policies`). */
export { watchOvens } from './intake/ovens.ts';
