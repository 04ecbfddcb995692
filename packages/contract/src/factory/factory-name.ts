import { z } from 'zod';

/** The two roles a factory can have. */
export const factoryNames = ['primary', 'fallback'] as const;
export const factoryName = z.enum(factoryNames);
export type FactoryName = z.infer<typeof factoryName>;
