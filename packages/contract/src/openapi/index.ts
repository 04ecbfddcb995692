export { adminOpenApi } from './admin-openapi.ts';
export { ingestOpenApi } from './openapi.ts';
