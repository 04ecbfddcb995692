export * from './flush-abandoned.ts';
export * from './give-batch.ts';
export type { JournaledOrder, JournalFile } from './journal-file.ts';
export * from './journal.ts';
export * from './spool-file.ts';
export * from './spool.ts';
export * from './survey.ts';
