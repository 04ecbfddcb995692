export { createReceiptVerifier, type ReceiptCheck, type ReceiptVerifier } from './receipt-verifier.ts';
