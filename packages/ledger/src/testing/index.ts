export { createSeeder, type DeadLetterSeed } from './seeding.ts';
