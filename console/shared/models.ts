/** The attribution models in words, in the order of the API's document. */

import type { Model } from '../types';

export const MODELS: Record<Model, readonly [title: string, about: string]> = {
  FIRST_TOUCH: ['First touch', 'All credit goes to the first touch of the journey.'],
  LAST_TOUCH: ['Last touch', 'All credit goes to the last touch before the conversion.'],
  LAST_NON_DIRECT: ['Last non-direct touch', 'All credit goes to the last touch that was not a direct visit.'],
  LINEAR: ['Linear', 'Every touch gets the same credit.'],
  TIME_DECAY: ['Time decay', 'Touches closer to the conversion get more credit.'],
  POSITION_BASED: ['Position based', 'First and last touch get 40 % each. The others share the rest.'],
  W_SHAPED: ['W-shaped', 'First, middle and last touch get 30 % each. The others share the rest.'],
  CUSTOM: ['Custom', 'The site’s own weights divide the credit.'],
  MARKOV: ['Markov', 'A channel gets the conversions that the site’s paths would lose without it.'],
  SHAPLEY: ['Shapley', 'A channel gets what it adds to the others on the site’s paths.'],
};

export const MODEL_NAMES = Object.keys(MODELS) as Model[];
export const isModel = (name: string): name is Model => Object.hasOwn(MODELS, name);
export const modelTitle = (name: string): string => (isModel(name) ? MODELS[name][0] : name);

export const NO_TRACKED_VISIT = 'No tracked visit';
