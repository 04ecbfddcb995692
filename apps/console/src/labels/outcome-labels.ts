import type { AttemptView } from '@proofbox/contract/admin';
import type { Label } from './tone.ts';

/** How one call to one factory ended. */
export const outcomeLabels: Record<AttemptView['outcome'], Label> = {
  under_way: { name: 'Under way', meaning: 'The factory has it and has not answered yet.', tone: 'busy' },
  fulfilled: { name: 'Baked', meaning: 'The factory sent a receipt, and it holds.', tone: 'good' },
  not_sent: {
    name: 'Not reached',
    meaning: 'The factory could not be reached. Nothing was sent, so nothing was baked.',
    tone: 'careful',
  },
  failed: { name: 'Failed', meaning: 'The factory answered, but not with a valid receipt.', tone: 'bad' },
  receipt_mismatch: {
    name: 'Wrong receipt',
    meaning: 'The factory sent a receipt of its own, but it does not say what was ordered.',
    tone: 'bad',
  },
  unknown: {
    name: 'No answer',
    meaning: 'It was sent and no answer came. It may have been baked.',
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
    meaning: 'The factory refused our key or address. That is our fault, not the order’s.',
    tone: 'bad',
  },
};
