export { receiptAlgorithmList } from './public-key.ts';
export { createReceiptVerifier, type ReceiptCheck, type ReceiptVerifier } from './receipt-verifier.ts';
