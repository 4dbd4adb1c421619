import { sql } from 'drizzle-orm';
import {
	boolean,
	customType,
	date,
	doublePrecision,
	index,
	integer,
	jsonb,
	pgTable,
	primaryKey,
	text,
	uniqueIndex,
	uuid
} from 'drizzle-orm/pg-core';
import type { AccuracyFigures, ForecastNote, PastForecast, RunView } from '#lib/contracts/forecast-views.ts';
import { LEVELS, type Scenario } from '#lib/contracts/forecasts.ts';
import { createdAt, id, instant } from '../platform/columns.ts';
import { organizations, users } from '../identity/schema.ts';
import { products } from '../catalog/schema.ts';

const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

const organizationId = () =>
	uuid()
		.notNull()
		.references(() => organizations.id, { onDelete: 'cascade' });

/** Which series a row is about. `seriesKey` is one text for all of it: shop, channel:c, category:c, product:id, product:id:channel. */
const series = () => ({
	seriesKey: text().notNull(),
	level: text({ enum: LEVELS }).notNull(),
	productId: uuid().references(() => products.id, { onDelete: 'cascade' }),
	channel: text(),
	category: text()
});

/** One training (weights, intervals, accuracy), refresh (new points by stored weights) or forecast of one SKU on demand. */
export const forecastRuns = pgTable(
	'forecast_runs',
	{
		id: id(),
		organizationId: organizationId(),
		kind: text({ enum: ['train', 'refresh', 'on-demand'] }).notNull(),
		trigger: text({ enum: ['schedule', 'person', 'start', 'operator'] }).notNull(),
		status: text({ enum: ['queued', 'running', 'succeeded', 'failed', 'cancelled'] }).notNull(),
		progress: jsonb().$type<RunView['progress']>().notNull(),
		/** Trainings count up; a refresh carries the version whose weights it uses. */
		version: integer().notNull(),
		seed: integer().notNull(),
		/** The last day known, set when it starts, so that a run that goes on after a kill sees the same days. */
		origin: date(),
		queuedAt: instant().notNull().defaultNow(),
		startedAt: instant(),
		heartbeatAt: instant(),
		finishedAt: instant(),
		/** How often a process was lost over it. */
		attempts: integer().notNull().default(0),
		error: text(),
		cpuSeconds: doublePrecision(),
		peakMb: integer()
	},
	(t) => [
		uniqueIndex('forecast_runs_active')
			.on(t.organizationId, t.kind)
			.where(sql`status in ('queued', 'running') and kind <> 'on-demand'`),
		index('forecast_runs_organization').on(t.organizationId, t.kind, t.queuedAt)
	]
);

/** What a run has already done, by part: a run that was killed goes on from here. Removed when it ends. */
export const forecastParts = pgTable(
	'forecast_parts',
	{
		organizationId: organizationId(),
		runId: uuid()
			.notNull()
			.references(() => forecastRuns.id, { onDelete: 'cascade' }),
		part: text().notNull(),
		data: bytes().notNull()
	},
	(t) => [
		primaryKey({ columns: [t.runId, t.part] }),
		index('forecast_parts_organization').on(t.organizationId)
	]
);

/** What a training learned of the whole set: how intervals widen, how levels are reconciled, and the models of all SKUs (child/stored-models.ts). */
export const forecastSets = pgTable(
	'forecast_sets',
	{
		organizationId: organizationId(),
		version: integer().notNull(),
		seed: integer().notNull(),
		trainedAt: instant().notNull(),
		origin: date().notNull(),
		state: jsonb().notNull(),
		network: bytes()
	},
	(t) => [primaryKey({ columns: [t.organizationId, t.version] })]
);

/** What a training learned of one series: enough to forecast it again from newer days. */
export const forecastModels = pgTable(
	'forecast_models',
	{
		organizationId: organizationId(),
		...series(),
		version: integer().notNull(),
		weights: jsonb().$type<Record<string, number>>().notNull(),
		/** Quantiles of its past errors by method. */
		state: jsonb().notNull(),
		trainedAt: instant().notNull()
	},
	(t) => [
		primaryKey({ columns: [t.organizationId, t.seriesKey, t.version] }),
		index('forecast_models_product').on(t.productId)
	]
);

/** What is expected of a series, 90 days from the day after `origin`. Those that trainings made stay for a quarter, to be held against what happened. */
export const forecasts = pgTable(
	'forecasts',
	{
		organizationId: organizationId(),
		...series(),
		/** The last day known. */
		origin: date().notNull(),
		/** The newest of the series; the others are its past. */
		isCurrent: boolean().notNull(),
		version: integer().notNull(),
		runId: uuid(),
		madeAt: instant().notNull(),
		/** Units a day; for quick lists and sums by SQL the totals stand beside. */
		point: jsonb().$type<number[]>().notNull(),
		lo80: jsonb().$type<number[]>().notNull(),
		hi80: jsonb().$type<number[]>().notNull(),
		lo95: jsonb().$type<number[]>().notNull(),
		hi95: jsonb().$type<number[]>().notNull(),
		units30: doublePrecision().notNull(),
		units60: doublePrecision().notNull(),
		units90: doublePrecision().notNull(),
		sold30: doublePrecision(),
		/** The last 400 days as the models saw them, up to `origin`; null where unknown. Of the newest only. */
		sold: jsonb().$type<(number | null)[]>().notNull(),
		/** Points of each single method. */
		byModel: jsonb().$type<Record<string, number[]>>().notNull(),
		weights: jsonb().$type<Record<string, number>>().notNull(),
		notes: text().array().$type<ForecastNote[]>().notNull()
	},
	(t) => [
		primaryKey({ columns: [t.organizationId, t.seriesKey, t.origin] }),
		uniqueIndex('forecasts_current')
			.on(t.organizationId, t.seriesKey)
			.where(sql`is_current`),
		index('forecasts_level')
			.on(t.organizationId, t.level, t.units30)
			.where(sql`is_current`),
		index('forecasts_product').on(t.productId)
	]
);

/** How far the last training's forecasts of the past were off, by series. */
export const forecastAccuracy = pgTable(
	'forecast_accuracy',
	{
		organizationId: organizationId(),
		...series(),
		version: integer().notNull(),
		trainedAt: instant().notNull(),
		/** Of the first 30 days of each past origin. */
		figures: jsonb().$type<AccuracyFigures>().notNull(),
		/** Sums the figures are made of, so that levels add up without averaging averages. */
		sums: jsonb().notNull(),
		/** WAPE by single method. */
		byModel: jsonb().$type<Record<string, number>>().notNull(),
		winner: text(),
		weights: jsonb().$type<Record<string, number>>().notNull(),
		past: jsonb().$type<PastForecast[]>().notNull(),
		notes: text().array().$type<ForecastNote[]>().notNull()
	},
	(t) => [
		primaryKey({ columns: [t.organizationId, t.seriesKey] }),
		index('forecast_accuracy_product').on(t.productId)
	]
);

/** A figure that a person put beside the model's. Rows are never changed but for their end, so that the history stays. */
export const forecastOverrides = pgTable(
	'forecast_overrides',
	{
		id: id(),
		organizationId: organizationId(),
		productId: uuid()
			.notNull()
			.references(() => products.id, { onDelete: 'cascade' }),
		/** Days of the organization's zone, both included; `units` is their sum. */
		fromDay: date().notNull(),
		toDay: date().notNull(),
		units: doublePrecision().notNull(),
		/** What the model said of these days when it was set; null where it said nothing. */
		modelUnits: doublePrecision(),
		reason: text().notNull(),
		setBy: uuid().references(() => users.id, { onDelete: 'set null' }),
		createdAt: createdAt(),
		/** A newer one that took its days; null again when that one is undone. */
		replacedBy: uuid(),
		undoneAt: instant(),
		undoneBy: uuid().references(() => users.id, { onDelete: 'set null' })
	},
	(t) => [index('forecast_overrides_product').on(t.organizationId, t.productId, t.createdAt)]
);

/** What a person asked "what if", kept under a name. */
export const forecastScenarios = pgTable(
	'forecast_scenarios',
	{
		id: id(),
		organizationId: organizationId(),
		productId: uuid()
			.notNull()
			.references(() => products.id, { onDelete: 'cascade' }),
		name: text().notNull(),
		scenario: jsonb().$type<Scenario>().notNull(),
		keptBy: uuid().references(() => users.id, { onDelete: 'set null' }),
		createdAt: createdAt()
	},
	(t) => [index('forecast_scenarios_product').on(t.organizationId, t.productId, t.createdAt)]
);
