import type { Behaviour } from './answer.ts';

/** The load of a row: orders a second, and how many workers there are. */
export type Load = { rate: number; workers: number };

/** A stretch of a simulation, in ms since its start. */
export type Span = { from: number; until: number };

/** What happens in one simulation. Times are ms since the start. */
export type Course = {
  /** So long orders come. */
  lengthMs: number;
  /** The primary factory. */
  behave: Behaviour;
  /** The fallback factory, where there is one; default: it bakes everything. */
  fallback?: Behaviour;
  /** The primary bakes nothing at all meanwhile, and is well after it. */
  dead?: Span;
};

export type Scenario = {
  name: string;
  /** What is wrong with the primary, for the table. */
  text: string;
  /** Each simulation has a course of its own: factories remember what they were sent. */
  course: (load: Load, seed: number) => Course;
  /** Whether the order that comes as the `n`th (0 for the first) is a bad one: no factory ever bakes it. */
  isBad?: (n: number) => boolean;
  /** Bad at the primary only: a fallback bakes it. */
  isBadAtPrimaryOnly?: boolean;
  /** It makes sense with a fallback only. */
  needsFallback?: boolean;
  /** Loads under which it makes sense; default: all. */
  hasLoad?: (load: Load) => boolean;
  /** Why a row may be below the better yardstick, where it must be so. */
  why?: (row: { hasFallback: boolean } & Load) => Reason | undefined;
};

/** `most`: the part of the diners that it may cost, from 0 to 1. One that costs more is no reason. */
export type Reason = { because: string; most: number };
