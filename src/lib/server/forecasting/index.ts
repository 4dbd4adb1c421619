export { casesAt, originsBefore, type Case, type SharedModel } from './backtest.ts';
export { ENGINES } from './engines/index.ts';
export { FIXED, forecastSet, type Forecast } from './forecast-set.ts';
export { accuracyOf, added, naiveScale, sumsOf, type Accuracy } from './metrics.ts';
export { cleaned, dateOf, dayOf, until, type Day, type Series } from './series.ts';
