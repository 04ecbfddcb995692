export { testBreaker } from './test-breaker.ts';
