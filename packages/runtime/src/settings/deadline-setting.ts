import { setting } from './setting.ts';

/** Ingest gives it to new orders, the admin server to replayed ones. */
export const deadlineSetting = {
  ORDER_DEADLINE_MS: setting
    .integer({ min: 1_000, max: 2_592_000_000 })
    .default(86_400_000)
    .describe(
      'How long an order is tried after it was taken or replayed. An order that is older becomes a dead letter. A day by default, at most 30 days.',
    ),
};
