import type { AttemptView } from '@proofbox/contract/admin';
import type { Label } from './tone.ts';

/** How one call to one factory ended. */
export const outcomeLabels: Record<AttemptView['outcome'], Label> = {
  under_way: { name: 'Under way', meaning: 'The factory has it and has not answered yet.', tone: 'busy' },
  fulfilled: { name: 'Baked', meaning: 'The factory sent a valid receipt.', tone: 'good' },
  not_sent: {
    name: 'Not reached',
    meaning: 'The factory could not be reached. Nothing was sent, so nothing was baked.',
    tone: 'careful',
  },
  failed: { name: 'Failed', meaning: 'The factory answered, but not with a valid receipt.', tone: 'bad' },
  receipt_mismatch: {
    name: 'Wrong receipt',
    meaning: 'The factory signed the receipt, but the receipt does not match the order.',
    tone: 'bad',
  },
  unknown: {
    name: 'No answer',
    meaning: 'A worker sent the order, and no answer came. The factory may have baked it.',
    tone: 'bad',
  },
  throttled: {
    name: 'Asked to wait',
    meaning: 'The factory is busy and asked for patience.',
    tone: 'careful',
  },
  rejected: { name: 'Refused', meaning: 'The factory says that this order is wrong.', tone: 'bad' },
  misconfigured: {
    name: 'Refused us',
    meaning: 'The factory refused our key or URL. That is our fault, not the order’s.',
    tone: 'bad',
  },
};
