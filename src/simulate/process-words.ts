import type { Plant } from './plants.js';

/** A point of a process's transactions at which something is to happen, once. */
export interface Arm {
  readonly arm: number;
  readonly transaction: 'tap' | 'void' | 'close' | 'step' | 'job';
  /** At the n-th transaction of its kind from now. */
  readonly nth: number;
  /** `statement`: before the n-th statement after the claim was locked, in a job that builds one. */
  readonly at: 'beforeCommit' | 'afterCommit' | 'statement';
  readonly statement?: number;
  readonly act: 'kill' | 'pause';
}

type Said =
  | { readonly say: 'clock'; readonly offsetMs: number }
  | { readonly say: 'arm'; readonly arm: Arm }
  | { readonly say: 'disarm' }
  /** From now on; null: none. Connections are new in every month, so no prepared statement knows the old text. */
  | { readonly say: 'plant'; readonly plant: Plant | null }
  | { readonly say: 'release'; readonly arm: number };

/** What a simulation says to a process of the product. */
export type ToProcess = Said & { readonly number: number };
/** The same, before it has its number. */
export type Order = Said;

/** What a process of the product says to the simulation. */
export type FromProcess =
  | { readonly say: 'heard'; readonly number: number }
  | { readonly say: 'paused'; readonly arm: number }
  | { readonly say: 'planted'; readonly plant: Plant };
