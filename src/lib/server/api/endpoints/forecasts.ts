import { accuracyEndpoint } from './forecasts/accuracy.ts';
import { generateEndpoint } from './forecasts/generate.ts';
import { byForecastEndpoint, byProductEndpoint } from './forecasts/stored.ts';

/** In the order of the document. */
export const forecastEndpoints = [generateEndpoint, byForecastEndpoint, byProductEndpoint, accuracyEndpoint];
