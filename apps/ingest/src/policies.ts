/** What ingest decides by, for a simulation that drives exactly this (`npm run policies`). */
export { watchFactoryAvailability } from './intake/factory-availability.ts';
