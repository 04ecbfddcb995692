export { receiptAlgorithmList } from './public-key.ts';
export { receiptDifferences, receiptMatches, type ReceiptMatch } from './receipt-differences.ts';
export { createReceiptVerifier, type ReceiptCheck, type ReceiptVerifier } from './receipt-verifier.ts';
