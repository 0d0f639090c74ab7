/** The attribution models in words, in the order of the API's document. */

export const MODELS = {
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

export const NO_TRACKED_VISIT = 'No tracked visit';

export const DIMENSIONS = {
  channel: 'Channel', source: 'Source', medium: 'Medium', campaign: 'Campaign', ad: 'Ad', landing_page: 'Landing page',
};
