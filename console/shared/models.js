/** The attribution models in words, in the order of the API's document. */

export const MODELS = {
  FIRST_TOUCH: ['First touch', 'All credit goes to the touch that began the journey.'],
  LAST_TOUCH: ['Last touch', 'All credit goes to the last touch before the conversion.'],
  LAST_NON_DIRECT: ['Last non-direct touch', 'All credit goes to the last touch that was not a direct visit.'],
  LINEAR: ['Linear', 'Every touch gets the same.'],
  TIME_DECAY: ['Time decay', 'The nearer to the conversion, the more.'],
  POSITION_BASED: ['Position based', 'First and last get 40 % each, those between share the rest.'],
  W_SHAPED: ['W-shaped', 'First, middle and last get 30 % each, the others share the rest.'],
  CUSTOM: ['Custom', 'By weights of the site’s own.'],
  MARKOV: ['Markov', 'By what would be lost without the channel, learned from the site’s own paths.'],
  SHAPLEY: ['Shapley', 'By what each channel adds to the others, learned from the site’s own paths.'],
};

export const NO_TRACKED_VISIT = 'No tracked visit';

export const DIMENSIONS = {
  channel: 'Channel', source: 'Source', medium: 'Medium', campaign: 'Campaign', ad: 'Ad', landing_page: 'Landing page',
};
