import type { Model } from '../../model/model.ts';
import type { Manifest } from './object.ts';

/** Placeholder until models are configured. */
export const modelPull = (_model: Model): Manifest[] => [];
