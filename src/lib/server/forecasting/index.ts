export { accuracySummary, forecastAccuracy } from './accuracy.ts';
export { getForecast } from './get-forecast.ts';
export { listForecasts } from './list-forecasts.ts';
