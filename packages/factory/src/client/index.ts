export { classify, receiptIn, type Evidence } from './classify.ts';
export type { Delivery } from './delivery.ts';
export { createFactoryClient, type DeliveryOptions, type FactoryClient } from './factory-client.ts';
export { askHealthPage, type HealthAnswer } from './health-page.ts';
