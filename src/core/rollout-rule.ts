/**
 * Rows of the rollout's table: what they look at, and the words that they are written in.
 * Owns: the shape of a row, and the small conditions that rows share. Must not know: which rows there are.
 */
import { type NameRole, roleOfName } from '../model/names.js';
import { isLive, type ObservedContainer } from '../model/observed.js';
import type { Move } from './move.js';
import { isReady } from './readiness.js';
import type { RolloutContext } from './rollout-context.js';

/** A container of the slot. */
export type Container = ObservedContainer;

/** A row about both containers, about one of them, or about one while the other is not there. */
export type Rule =
  | {
      readonly on: 'both';
      readonly when: (old: Container, fresh: Container, context: RolloutContext) => boolean;
      readonly move: (old: Container, fresh: Container, context: RolloutContext) => Move;
    }
  | {
      readonly on: 'old' | 'old alone' | 'fresh' | 'fresh alone';
      readonly when: (container: Container, context: RolloutContext) => boolean;
      readonly move: (container: Container, context: RolloutContext) => Move;
    };

/** Whether the name of a container gives it one of these roles. */
export const roleIs =
  (...roles: readonly NameRole[]) =>
  ({ name }: Container): boolean =>
    roles.includes(roleOfName(name));
/** Evidence, by its name. */
export const isFailed = roleIs('failed');
/** Kept for a rollback, by its name. */
export const isKeptAside = roleIs('old');
/** Under its own name. */
export const isPlain = roleIs('plain');
/** Docker would start it again by itself. */
export const hasPolicy = ({ restartPolicy }: Container): boolean => restartPolicy.name !== 'no';
/** The new one comes first. */
export const startsFirst = ({ order }: RolloutContext): boolean => order === 'start-first';
/** Made, and not yet started. */
export const isUnstarted = ({ status, error }: Container): boolean => status === 'created' && error === '';
/** Ready, or come to an end that must be judged: stopping the old one would gain nothing. */
export const isAhead = (fresh: Container): boolean =>
  !isUnstarted(fresh) && (fresh.status !== 'running' || isReady(fresh));

/** Made before the other: what is wanted again after an edit in between. */
export const isOlder = (fresh: Container, old: Container): boolean =>
  isPlain(fresh) && isLive(fresh) && fresh.createdAt < old.createdAt;
/** Nothing to do; for conditions that have been asked already. */
export const KEEP: Move = { do: 'keep', why: '' };
