export { RateLimiter, type RateLimiterOptions } from './rate-limiter.ts';
export { RetryBudget } from './retry-budget.ts';
