import type { MetricDeclaration } from './declaration.ts';

const PAST = 'Forecasts of the past, made from what was known then, beside what was sold after';
const DIMENSIONS = ['channel', 'category', 'product'] as const;

/** What is expected, and how good it was. */
export const FORECAST_METRICS = [
	{
		id: 'forecast_units',
		name: 'Forecast',
		definition: 'Pieces expected to be sold in the days ahead, from tomorrow on.',
		formula: 'Sum of the expected units of each day',
		unit: 'count',
		dimensions: DIMENSIONS,
		source: 'Units sold a day; a mixture of models weighted by how well each did before',
		exact: false,
		goodWhen: 'neither',
		note: 'An expectation with a range, not a promise.'
	},
	{
		id: 'forecast_wape',
		name: 'Off by (WAPE)',
		definition:
			'By how much forecast days missed, as a share of what was sold. Demand of single days has chance in it that nobody can foresee.',
		formula: 'Sum of |sold − forecast| of each day ÷ sum of sold',
		unit: 'percent',
		dimensions: DIMENSIONS,
		source: PAST,
		exact: true,
		goodWhen: 'down'
	},
	{
		id: 'forecast_mae',
		name: 'Mean miss (MAE)',
		definition: 'Pieces by which a forecast day missed, on average.',
		formula: 'Sum of |sold − forecast| ÷ days judged',
		unit: 'ratio',
		dimensions: DIMENSIONS,
		source: PAST,
		exact: true,
		goodWhen: 'down'
	},
	{
		id: 'forecast_mape',
		name: 'Mean percent miss (MAPE)',
		definition:
			'Mean of each day’s miss as a share of that day’s sales. Said only where each day sells well: on days with a piece or none it has no meaning.',
		formula: 'Mean of |sold − forecast| ÷ sold, where no day sold nothing',
		unit: 'percent',
		dimensions: DIMENSIONS,
		source: PAST,
		exact: true,
		goodWhen: 'down'
	},
	{
		id: 'forecast_r2',
		name: 'Explained (R²)',
		definition:
			'How much of the ups and downs the forecast foresaw: 1 is all, 0 no more than their mean, below 0 less.',
		formula: '1 − sum of (sold − forecast)² ÷ sum of (sold − mean sold)²',
		unit: 'ratio',
		dimensions: DIMENSIONS,
		source: PAST,
		exact: true,
		goodWhen: 'up'
	},
	{
		id: 'forecast_mase',
		name: 'Scaled miss (MASE)',
		definition:
			'The mean miss against that of repeating last week, over the years before. Under 1 is better than repeating.',
		formula: 'MAE ÷ mean of |sold − sold a week before| in the history known then',
		unit: 'ratio',
		dimensions: DIMENSIONS,
		source: PAST,
		exact: true,
		goodWhen: 'down'
	},
	{
		id: 'forecast_bias',
		name: 'Bias',
		definition: 'Whether forecasts lean: above 0 more was forecast than sold, below 0 less.',
		formula: '(Sum of forecast − sum of sold) ÷ sum of sold',
		unit: 'percent',
		dimensions: DIMENSIONS,
		source: PAST,
		exact: true,
		goodWhen: 'neither'
	},
	{
		id: 'forecast_coverage',
		name: 'Ranges held',
		definition:
			'Share of days that fell inside the 80% and the 95% range. Good ranges hold as often as they say.',
		formula: 'Days with sold inside the range ÷ days judged',
		unit: 'percent',
		dimensions: DIMENSIONS,
		source: PAST,
		exact: true,
		goodWhen: 'neither'
	},
	{
		id: 'forecast_skill',
		name: 'Better than naive',
		definition:
			'How much smaller the miss is than that of repeating the last week that was known. Below 0 the models are worse than that.',
		formula: '1 − WAPE of the forecast ÷ WAPE of the last week repeated',
		unit: 'percent',
		dimensions: DIMENSIONS,
		source: PAST,
		exact: true,
		goodWhen: 'up'
	},
	{
		id: 'lead_time_demand',
		name: 'Demand over the lead time',
		definition:
			'Pieces expected to be sold until goods ordered today arrive, and how many last with the certainty asked for.',
		formula:
			'Sum of expected units of the days; its spread from the days’ ranges and from how far sums of as many days missed before',
		unit: 'count',
		dimensions: ['product'],
		source: 'The forecast, and forecasts of the past',
		exact: false,
		goodWhen: 'neither',
		note: 'The lead time is taken as certain. The distribution is a gamma of that mean and spread.'
	}
] as const satisfies readonly MetricDeclaration[];
