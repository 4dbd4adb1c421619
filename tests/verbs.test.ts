import { beforeAll, describe, expect, test } from 'vitest';
import * as analytics from '../src/lib/server/analytics/index.ts';
import * as catalog from '../src/lib/server/catalog/index.ts';
import * as channels from '../src/lib/server/channels/index.ts';
import * as forecasting from '../src/lib/server/forecasting/index.ts';
import * as identity from '../src/lib/server/identity/index.ts';
import * as imports from '../src/lib/server/imports/index.ts';
import * as inventory from '../src/lib/server/inventory/index.ts';
import * as live from '../src/lib/server/live/index.ts';
import * as mapping from '../src/lib/server/mapping/index.ts';
import * as reporting from '../src/lib/server/reporting/index.ts';
import * as reconciling from '../src/lib/server/reconciliation/index.ts';
import * as orders from '../src/lib/server/orders/index.ts';
import { filtersSchema } from '../src/lib/contracts/analytics.ts';
import { permissionsOf, ROLES, type Permission } from '../src/lib/contracts/permissions.ts';
import type { Ctx } from '../src/lib/server/platform/ctx.ts';
import { AppError, Forbidden } from '../src/lib/server/platform/errors.ts';
import { newId } from '../src/lib/server/platform/ids.ts';
import { asSystem } from '../src/lib/server/platform/system.ts';
import { makeConnection } from './factories/connection.ts';
import { digestOf } from './factories/digest.ts';
import { makeOrganization, type TestOrganization } from './factories/organization.ts';
import { verbList } from './verb-list.ts';

/** Stands in every text of the other organization. */
const MARK = `mark${newId().slice(-12)}`;

/** Rows of the other organization, by which its things are asked for. */
interface Rows {
	connectionId: string;
	customerId: string;
	orderId: string;
	productId: string;
	listingId: string;
	letterId: string;
	requestId: string;
	invitationId: string;
	memberId: string;
	importId: string;
	runId: string;
	annotationId: string;
	goalId: string;
	reportId: string;
	viewId: string;
}
interface VerbCase {
	needs: Permission;
	call(ctx: Ctx, theirs: Rows): Promise<unknown>;
	/** Talks to a shop before it touches a row: only the refusal is tried here. */
	talksToShop?: true;
	/** Without the permission the list is empty instead of refused: it stands on a page that others may read. */
	answersEmpty?: true;
}

const filters = filtersSchema.parse({ range: 'last-12-months', by: 'month' });
const regional = { name: 'Taken over', currency: 'EUR', timeZone: 'UTC', locale: 'de-DE' };
const IMPORT_OPTIONS = {
	format: 'template',
	channel: 'shopify',
	encoding: 'utf-8',
	delimiter: ',',
	timeZone: 'UTC',
	decimal: '.',
	dayFirst: false,
	currency: 'USD',
	perPiece: false,
	mapping: {},
	connectionId: null
};
const app = { shop: 'some-shop.myshopify.com', clientSecret: 'secret' };

/** Every public verb that acts in somebody's name. A verb that is missing here fails the test. */
const VERBS: Record<string, VerbCase> = {
	'analytics.customerCohorts': { needs: 'customers.read', call: (ctx) => analytics.customerCohorts(ctx) },
	'analytics.customerSegments': { needs: 'customers.read', call: (ctx) => analytics.customerSegments(ctx) },
	'analytics.customersOverview': {
		needs: 'customers.read',
		call: (ctx) => analytics.customersOverview(ctx)
	},
	'analytics.getCustomer': {
		needs: 'customers.read',
		call: (ctx, { customerId }) => analytics.getCustomer(ctx, customerId)
	},
	'analytics.listCustomers': {
		needs: 'customers.read',
		call: (ctx) => analytics.listCustomers(ctx, { search: MARK })
	},
	'analytics.importAdSpend': {
		needs: 'ads.manage',
		call: (ctx) => analytics.importAdSpend(ctx, { csv: 'day,channel,amount\n2026-01-01,shopify,5' })
	},
	'analytics.listAdSpend': { needs: 'analytics.read', call: (ctx) => analytics.listAdSpend(ctx) },
	'analytics.previewAdSpend': {
		needs: 'ads.manage',
		call: (ctx) => analytics.previewAdSpend(ctx, { csv: 'day,channel,amount\n2026-01-01,shopify,5' })
	},
	'analytics.removeAdSpend': {
		needs: 'ads.manage',
		call: (ctx) => analytics.removeAdSpend(ctx, { day: '2026-01-01', channel: 'shopify', platform: MARK })
	},
	'analytics.setAdSpend': {
		needs: 'ads.manage',
		call: (ctx) =>
			analytics.setAdSpend(ctx, { day: '2026-01-01', channel: 'shopify', amount: '5', currency: 'USD' })
	},
	'analytics.setAdSpendEntries': {
		needs: 'ads.manage',
		call: (ctx) =>
			analytics.setAdSpendEntries(ctx, {
				entries: [{ day: '2026-01-02', channel: 'shopify', amount: '5', currency: 'USD' }]
			})
	},
	'analytics.listAdSpendEntries': {
		needs: 'analytics.read',
		call: (ctx) => analytics.listAdSpendEntries(ctx)
	},
	'analytics.dashboard': { needs: 'analytics.read', call: (ctx) => analytics.dashboard(ctx, filters) },
	'analytics.filterOptions': { needs: 'analytics.read', call: (ctx) => analytics.filterOptions(ctx) },
	'analytics.listRates': { needs: 'analytics.read', call: (ctx) => analytics.listRates(ctx) },
	'analytics.orderProfit': {
		needs: 'analytics.read',
		call: (ctx, { orderId }) => analytics.orderProfit(ctx, orderId)
	},
	'analytics.trend': {
		needs: 'analytics.read',
		call: (ctx) => analytics.trend(ctx, { range: 'last-12-months', by: 'month', dimension: 'product' })
	},
	'analytics.revenue': {
		needs: 'analytics.read',
		call: (ctx) => analytics.revenue(ctx, { range: 'last-12-months', by: 'month' })
	},
	'analytics.productAnalytics': {
		needs: 'analytics.read',
		call: (ctx) => analytics.productAnalytics(ctx, { range: 'last-12-months' })
	},
	'analytics.productDepth': {
		needs: 'analytics.read',
		call: (ctx, { productId }) => analytics.productDepth(ctx, productId)
	},
	'analytics.profit': { needs: 'analytics.read', call: (ctx) => analytics.profit(ctx, filters) },
	'analytics.refreshRates': {
		needs: 'rates.manage',
		call: (ctx) => analytics.refreshRates(ctx),
		talksToShop: true
	},
	'analytics.removeRate': {
		needs: 'rates.manage',
		call: (ctx) => analytics.removeRate(ctx, { currency: 'CHF', day: '2026-01-01' })
	},
	'analytics.factsAreCurrent': {
		needs: 'analytics.read',
		call: (ctx) => analytics.factsAreCurrent(ctx)
	},
	'analytics.soldProducts': {
		needs: 'analytics.read',
		call: (ctx) => analytics.soldProducts(ctx, '2026-01-01', '2026-12-31')
	},
	'analytics.unitsByDay': {
		needs: 'analytics.read',
		call: async (ctx, { productId }) => {
			const found = [];
			for await (const one of analytics.unitsByDay(ctx, '2026-01-01', '2026-01-02', [productId]))
				found.push(one);
			return found;
		}
	},
	'analytics.unitsOfShop': {
		needs: 'analytics.read',
		call: (ctx) => analytics.unitsOfShop(ctx, '2026-01-01', '2026-01-02')
	},
	'analytics.setRate': {
		needs: 'rates.manage',
		call: (ctx) => analytics.setRate(ctx, { currency: 'GBP', day: '2026-01-01', rate: '2' })
	},
	'catalog.changeProduct': {
		needs: 'products.manage',
		call: (ctx, { productId }) => catalog.changeProduct(ctx, { productId, title: 'Taken over' })
	},
	'catalog.createProduct': {
		needs: 'products.manage',
		call: (ctx) => catalog.createProduct(ctx, { sku: `NEW-${newId()}`, title: 'New' })
	},
	'catalog.deleteProduct': {
		needs: 'products.manage',
		call: (ctx, { productId }) => catalog.deleteProduct(ctx, { productId })
	},
	'catalog.addReceipt': {
		needs: 'products.manage',
		call: (ctx) =>
			catalog.addReceipt(ctx, {
				sku: MARK,
				receivedOn: '2026-11-01',
				quantity: 1,
				unitCost: '1',
				currency: 'USD'
			})
	},
	'catalog.costMethod': { needs: 'products.read', call: (ctx) => catalog.costMethod(ctx) },
	'catalog.exportReceipts': { needs: 'products.read', call: (ctx) => catalog.exportReceipts(ctx) },
	'catalog.importReceipts': {
		needs: 'products.manage',
		call: (ctx) => catalog.importReceipts(ctx, { csv: `sku,received,quantity,cost\n${MARK},2026-11-01,1,1` })
	},
	'catalog.listReceipts': { needs: 'products.read', call: (ctx) => catalog.listReceipts(ctx) },
	'catalog.previewReceipts': {
		needs: 'products.manage',
		call: (ctx) => catalog.previewReceipts(ctx, { csv: 'sku,received,quantity,cost\nNOBODY,2026-11-01,1,1' })
	},
	'catalog.removeReceipt': {
		needs: 'products.manage',
		call: (ctx) => catalog.removeReceipt(ctx, { receiptId: newId() })
	},
	'catalog.setCostMethod': {
		needs: 'organization.update',
		call: (ctx) => catalog.setCostMethod(ctx, { method: 'fifo' })
	},
	'catalog.exportCosts': { needs: 'products.read', call: (ctx) => catalog.exportCosts(ctx) },
	'catalog.getProduct': {
		needs: 'products.read',
		call: (ctx, { productId }) => catalog.getProduct(ctx, productId)
	},
	'catalog.importCosts': {
		needs: 'products.manage',
		call: (ctx) => catalog.importCosts(ctx, { csv: `sku,cost\n${MARK},1` })
	},
	'catalog.keepApart': {
		needs: 'products.manage',
		call: (ctx, { productId }) => catalog.keepApart(ctx, { productId, otherId: newId() })
	},
	'catalog.listProducts': {
		needs: 'products.read',
		call: (ctx) => catalog.listProducts(ctx, { search: MARK })
	},
	'catalog.previewCosts': {
		needs: 'products.manage',
		call: (ctx) => catalog.previewCosts(ctx, { csv: 'sku,cost\nNOBODY,1' })
	},
	'catalog.removeCost': {
		needs: 'products.manage',
		call: (ctx, { productId }) => catalog.removeCost(ctx, { productId, fromDay: '' })
	},
	'catalog.setComponents': {
		needs: 'products.manage',
		call: (ctx, { productId }) =>
			catalog.setComponents(ctx, { bundleId: productId, components: [{ productId: newId(), quantity: 1 }] })
	},
	'catalog.setCost': {
		needs: 'products.manage',
		call: (ctx, { productId }) =>
			catalog.setCost(ctx, { productId, fromDay: '', unitCost: '1', currency: 'USD' })
	},
	'catalog.suggestMerges': { needs: 'products.read', call: (ctx) => catalog.suggestMerges(ctx) },
	'channels.answerPrivacyRequest': {
		needs: 'channels.manage',
		call: (ctx, { requestId }) => channels.answerPrivacyRequest(ctx, requestId)
	},
	'channels.beginOauth': {
		needs: 'channels.manage',
		call: (ctx) => channels.beginOauth(ctx, app),
		talksToShop: true
	},
	'channels.channelsOverview': { needs: 'channels.read', call: (ctx) => channels.channelsOverview(ctx) },
	'channels.connectByClientCredentials': {
		needs: 'channels.manage',
		call: (ctx) => channels.connectByClientCredentials(ctx, { ...app, clientId: 'id' }),
		talksToShop: true
	},
	'channels.connectByToken': {
		needs: 'channels.manage',
		call: (ctx) => channels.connectByToken(ctx, { ...app, accessToken: 'shpat_x' }),
		talksToShop: true
	},
	'channels.connectAmazon': {
		needs: 'channels.manage',
		call: (ctx) =>
			channels.connectAmazon(ctx, {
				region: 'na',
				sellerId: 'A2EXAMPLE12345',
				clientId: 'amzn1.application-oa2-client.0',
				clientSecret: 'secret',
				refreshToken: 'Atzr|x'
			}),
		talksToShop: true
	},
	'channels.connectWalmart': {
		needs: 'channels.manage',
		call: (ctx) =>
			channels.connectWalmart(ctx, {
				clientId: '4f2c1a9e-1b7d-4c55-9a3e-2f5d8c7b6a10',
				clientSecret: 'secret'
			}),
		talksToShop: true
	},
	'channels.deadLetterBody': {
		needs: 'orders.payload',
		call: (ctx, { letterId }) => channels.deadLetterBody(ctx, letterId)
	},
	'channels.discardDeadLetter': {
		needs: 'channels.manage',
		call: (ctx, { letterId }) => channels.discardDeadLetter(ctx, letterId)
	},
	'channels.disconnect': {
		needs: 'channels.manage',
		call: (ctx, { connectionId }) => channels.disconnect(ctx, connectionId)
	},
	'channels.exportPrivacyRequest': {
		needs: 'channels.manage',
		call: (ctx, { requestId }) => channels.exportPrivacyRequest(ctx, requestId)
	},
	'channels.finishOauth': {
		needs: 'channels.manage',
		call: (ctx) => channels.finishOauth(ctx, new URLSearchParams())
	},
	'channels.getConnection': {
		needs: 'channels.read',
		call: (ctx, { connectionId }) => channels.getConnection(ctx, connectionId)
	},
	'channels.getRun': {
		needs: 'channels.read',
		call: (ctx, { connectionId, runId }) => channels.getRun(ctx, connectionId, runId)
	},
	'channels.firstSyncs': { needs: 'channels.read', call: (ctx) => channels.firstSyncs(ctx) },
	'channels.listConnections': { needs: 'channels.read', call: (ctx) => channels.listConnections(ctx) },
	'channels.listDeadLetters': {
		needs: 'channels.read',
		call: (ctx, { connectionId }) => channels.listDeadLetters(ctx, connectionId)
	},
	'channels.listPrivacyRequests': {
		needs: 'channels.read',
		call: (ctx, { connectionId }) => channels.listPrivacyRequests(ctx, connectionId)
	},
	'channels.pauseConnection': {
		needs: 'channels.manage',
		call: (ctx, { connectionId }) => channels.pauseConnection(ctx, connectionId)
	},
	'channels.replayDeadLetters': {
		needs: 'channels.manage',
		call: (ctx, { letterId }) => channels.replayDeadLetters(ctx, { id: letterId })
	},
	'channels.resumeConnection': {
		needs: 'channels.manage',
		call: (ctx, { connectionId }) => channels.resumeConnection(ctx, connectionId)
	},
	'channels.syncNow': {
		needs: 'channels.sync',
		call: (ctx, { connectionId }) => channels.syncNow(ctx, connectionId)
	},
	'forecasting.accuracyReport': { needs: 'analytics.read', call: (ctx) => forecasting.accuracyReport(ctx) },
	'forecasting.exportForecasts': {
		needs: 'analytics.export',
		call: async (ctx) => {
			const pieces: string[] = [];
			for await (const piece of await forecasting.exportForecasts(ctx)) pieces.push(piece);
			return pieces;
		}
	},
	'forecasting.exportProductForecast': {
		needs: 'analytics.export',
		call: (ctx, { productId }) => forecasting.exportProductForecast(ctx, { productId })
	},
	'forecasting.forecastOverview': {
		needs: 'analytics.read',
		call: (ctx) => forecasting.forecastOverview(ctx)
	},
	'forecasting.forecastProducts': {
		needs: 'analytics.read',
		call: (ctx) => forecasting.forecastProducts(ctx, { search: MARK })
	},
	'forecasting.keepScenario': {
		needs: 'forecasts.manage',
		call: (ctx, { productId }) =>
			forecasting.keepScenario(ctx, { productId, name: 'Taken over', scenario: { uplift: 1 } })
	},
	'forecasting.listScenarios': {
		needs: 'analytics.read',
		call: (ctx, { productId }) => forecasting.listScenarios(ctx, productId)
	},
	'forecasting.productForecast': {
		needs: 'analytics.read',
		call: (ctx, { productId }) => forecasting.productForecast(ctx, { productId })
	},
	'forecasting.productOverrides': {
		needs: 'analytics.read',
		call: (ctx, { productId }) => forecasting.productOverrides(ctx, productId)
	},
	'forecasting.removeScenario': {
		needs: 'forecasts.manage',
		call: (ctx, { productId }) => forecasting.removeScenario(ctx, { id: productId })
	},
	'forecasting.setOverride': {
		needs: 'forecasts.manage',
		call: (ctx, { productId }) =>
			forecasting.setOverride(ctx, {
				productId,
				fromDay: '2026-12-01',
				toDay: '2026-12-01',
				units: 1,
				reason: 'Taken over'
			})
	},
	'forecasting.undoOverride': {
		needs: 'forecasts.manage',
		call: (ctx, { productId }) => forecasting.undoOverride(ctx, { id: productId })
	},
	'forecasting.accuracySummary': {
		needs: 'analytics.read',
		call: (ctx) => forecasting.accuracySummary(ctx)
	},
	'forecasting.forecastAccuracy': {
		needs: 'analytics.read',
		call: (ctx, { productId }) => forecasting.forecastAccuracy(ctx, { level: 'product', productId })
	},
	'forecasting.generateForecast': {
		needs: 'forecasts.manage',
		call: (ctx, { productId }) => forecasting.generateForecast(ctx, { productId })
	},
	'forecasting.requestRun': {
		needs: 'forecasts.manage',
		call: (ctx) => forecasting.requestRun(ctx, { kind: 'refresh' })
	},
	'forecasting.runProgress': {
		needs: 'analytics.read',
		call: (ctx) => forecasting.runProgress(ctx)
	},
	'forecasting.getForecast': {
		needs: 'analytics.read',
		call: (ctx, { productId }) => forecasting.getForecast(ctx, { level: 'product', productId })
	},
	'forecasting.listForecasts': {
		needs: 'analytics.read',
		call: (ctx) => forecasting.listForecasts(ctx, { level: 'product' })
	},
	'identity.changeMember': {
		needs: 'members.manage',
		call: (ctx, { memberId }) => identity.changeMember(ctx, { userId: memberId, role: 'admin' })
	},
	'identity.invite': {
		needs: 'members.manage',
		call: (ctx) => identity.invite(ctx, { email: 'stranger@example.com', role: 'viewer' })
	},
	'identity.listInvitations': {
		needs: 'members.manage',
		call: (ctx) => identity.listInvitations(ctx),
		answersEmpty: true
	},
	'identity.listMembers': { needs: 'members.read', call: (ctx) => identity.listMembers(ctx) },
	'identity.removeMember': {
		needs: 'members.manage',
		call: (ctx, { memberId }) => identity.removeMember(ctx, { userId: memberId })
	},
	'identity.resendInvitation': {
		needs: 'members.manage',
		call: (ctx, { invitationId }) => identity.resendInvitation(ctx, { id: invitationId })
	},
	'identity.revokeInvitation': {
		needs: 'members.manage',
		call: (ctx, { invitationId }) => identity.revokeInvitation(ctx, { id: invitationId })
	},
	'identity.updateOrganization': {
		needs: 'organization.update',
		call: (ctx) => identity.updateOrganization(ctx, regional)
	},
	'imports.appendPart': {
		needs: 'orders.import',
		call: (ctx, { importId }) => imports.appendPart(ctx, importId, 0, null)
	},
	'imports.beginImport': {
		needs: 'orders.import',
		call: (ctx) => imports.beginImport(ctx, { filename: 'orders.csv', bytes: 10 })
	},
	'imports.configureImport': {
		needs: 'orders.import',
		call: (ctx, { importId }) => imports.configureImport(ctx, importId, IMPORT_OPTIONS)
	},
	'imports.discardImport': {
		needs: 'orders.import',
		call: (ctx, { importId }) => imports.discardImport(ctx, importId)
	},
	'imports.getImport': {
		needs: 'orders.import',
		call: (ctx, { importId }) => imports.getImport(ctx, importId)
	},
	'imports.importErrors': {
		needs: 'orders.import',
		call: (ctx, { importId }) => imports.importErrors(ctx, importId)
	},
	'imports.importErrorsCsv': {
		needs: 'orders.import',
		call: (ctx, { importId }) => imports.importErrorsCsv(ctx, importId)
	},
	'imports.listImports': { needs: 'orders.import', call: (ctx) => imports.listImports(ctx) },
	'imports.startImport': {
		needs: 'orders.import',
		call: (ctx, { importId }) => imports.startImport(ctx, importId)
	},
	'imports.undoImport': {
		needs: 'orders.import',
		call: (ctx, { importId }) => imports.undoImport(ctx, importId)
	},
	'inventory.lowStock': { needs: 'inventory.read', call: (ctx) => inventory.lowStock(ctx) },
	'inventory.adjustStock': {
		needs: 'inventory.adjust',
		call: (ctx, { productId }) => inventory.adjustStock(ctx, { productId, available: 5 })
	},
	'inventory.listStock': {
		needs: 'inventory.read',
		call: (ctx, { productId }) => inventory.listStock(ctx, { productIds: [productId] })
	},
	'live.openStream': { needs: 'orders.read', call: readStream },
	'mapping.mergeAlike': { needs: 'products.manage', call: (ctx) => mapping.mergeAlike(ctx) },
	'mapping.mergeProducts': {
		needs: 'products.manage',
		call: (ctx, { productId }) => mapping.mergeProducts(ctx, { intoId: productId, fromId: newId() })
	},
	'mapping.splitListing': {
		needs: 'products.manage',
		call: (ctx, { listingId }) => mapping.splitListing(ctx, { listingId })
	},
	'orders.countOrders': { needs: 'orders.read', call: (ctx) => orders.countOrders(ctx, { search: MARK }) },
	'orders.exportOrders': { needs: 'orders.export', call: readExport },
	'orders.getOrder': { needs: 'orders.read', call: (ctx, { orderId }) => orders.getOrder(ctx, orderId) },
	'orders.getPayload': {
		needs: 'orders.payload',
		call: (ctx, { orderId }) => orders.getPayload(ctx, orderId)
	},
	'orders.listOrders': { needs: 'orders.read', call: (ctx) => orders.listOrders(ctx) },
	'catalog.priceChanges': {
		needs: 'products.read',
		call: (ctx) => catalog.priceChanges(ctx, { from: '2020-01-01', to: '2099-12-31' })
	},
	'inventory.stockOuts': {
		needs: 'inventory.read',
		call: (ctx) => inventory.stockOuts(ctx, { from: '2020-01-01', to: '2099-12-31' })
	},
	'reporting.addAnnotation': {
		needs: 'views.manage',
		call: (ctx) => reporting.addAnnotation(ctx, { title: 'Sale', fromDay: '2026-11-01', toDay: '' })
	},
	'reporting.listAnnotations': {
		needs: 'analytics.read',
		call: (ctx) => reporting.listAnnotations(ctx, { from: '2020-01-01', to: '2099-12-31' })
	},
	'reporting.promotions': {
		needs: 'analytics.read',
		call: (ctx) => reporting.promotions(ctx, '2020-01-01', '2099-12-31')
	},
	'reporting.removeAnnotation': {
		needs: 'views.manage',
		call: (ctx, { annotationId }) => reporting.removeAnnotation(ctx, annotationId)
	},
	'reporting.exportTrend': {
		needs: 'analytics.export',
		call: (ctx) => reporting.exportTrend(ctx, { dimension: 'product', range: 'last-12-months', by: 'month' })
	},
	'reporting.listGoals': { needs: 'analytics.read', call: (ctx) => reporting.listGoals(ctx) },
	'reporting.setGoal': {
		needs: 'views.manage',
		call: (ctx) => reporting.setGoal(ctx, { metric: 'orders', period: 'week', target: '5' })
	},
	'reporting.removeGoal': {
		needs: 'views.manage',
		call: (ctx, { goalId }) => reporting.removeGoal(ctx, goalId)
	},
	'reporting.createReport': {
		needs: 'views.manage',
		call: (ctx, { memberId }) =>
			reporting.createReport(ctx, { name: 'Theirs', cadence: 'daily', recipients: memberId })
	},
	'reporting.listReports': { needs: 'analytics.read', call: (ctx) => reporting.listReports(ctx) },
	'reporting.previewReport': {
		needs: 'analytics.read',
		call: (ctx, { reportId }) => reporting.previewReport(ctx, reportId)
	},
	'reporting.removeReport': {
		needs: 'views.manage',
		call: (ctx, { reportId }) => reporting.removeReport(ctx, reportId)
	},
	'reporting.listViews': { needs: 'analytics.read', call: (ctx) => reporting.listViews(ctx) },
	'reporting.saveView': {
		needs: 'views.manage',
		call: (ctx) => reporting.saveView(ctx, { name: 'Theirs', query: '{"metric":"orders"}', shared: true })
	},
	'reporting.removeView': {
		needs: 'views.manage',
		call: (ctx, { viewId }) => reporting.removeView(ctx, viewId)
	},
	'reconciliation.reconciliation': {
		needs: 'analytics.read',
		call: (ctx) => reconciling.reconciliation(ctx)
	}
};

/** Functions of a `Ctx` that are no verbs of a person, with the reason. */
const EXEMPT: Record<string, string> = {
	'identity.can': 'asks the context itself',
	'identity.require': 'asks the context itself',
	'live.currentPosition':
		'one number of the own organization, beside data that is asked for with a permission',
	'channels.connectSimulated': 'called by the demo and by tests only; no route reaches it',
	'channels.connectSimulatedAmazon': 'called by the demo and by tests only; no route reaches it',
	'channels.connectSimulatedWalmart': 'called by the demo and by tests only; no route reaches it'
};

let mine: TestOrganization;
let theirs: TestOrganization;
let rows: Rows;

beforeAll(async () => {
	mine = await makeOrganization();
	theirs = await makeOrganization({ name: `${MARK} shop` });
	const organizationId = theirs.organization.id;
	const connectionId = await makeConnection(organizationId, { externalId: `${MARK}.myshopify.com` });
	rows = {
		connectionId,
		orderId: await recordMarked(organizationId, connectionId),
		customerId: await markedCustomer(organizationId),
		...(await markedProduct(organizationId)),
		letterId: newId(),
		requestId: newId(),
		invitationId: newId(),
		memberId: newId(),
		importId: newId(),
		runId: newId(),
		annotationId: newId(),
		goalId: newId(),
		reportId: newId(),
		viewId: newId()
	};
	await asSystem('operator: queues and health', async ({ sql }) => {
		await sql`insert into inbox (id, organization_id, connection_id, delivery_id, topic, body, status, error)
			values (${rows.letterId}, ${organizationId}, ${connectionId}, ${MARK}, 'orders/create', ${Buffer.from(MARK)}, 'dead', ${MARK})`;
		await sql`insert into privacy_requests (id, organization_id, connection_id, kind, customer_external_id)
			values (${rows.requestId}, ${organizationId}, ${connectionId}, 'data_request', ${MARK})`;
		await sql`insert into imports (id, organization_id, filename, bytes, received, status, header)
			values (${rows.importId}, ${organizationId}, ${MARK}, 10, 10, 'mapping', ${[MARK]})`;
		await sql`insert into sync_runs (id, organization_id, connection_id, kind, status, trigger, error, finished_at)
			values (${rows.runId}, ${organizationId}, ${connectionId}, 'catalog', 'failed', 'person', ${MARK}, now())`;
		await sql`insert into annotations (id, organization_id, kind, from_day, to_day, title) values (${rows.annotationId}, ${organizationId}, 'note', '2026-11-01', '2026-11-01', ${MARK})`;
		await sql`insert into goals (id, organization_id, metric, period, target) values (${rows.goalId}, ${organizationId}, 'orders', 'month', 1)`;
		await sql`insert into saved_views (id, organization_id, name, query, shared) values (${rows.viewId}, ${organizationId}, ${MARK}, '{}', true)`;
		await sql`insert into reports (id, organization_id, name, cadence, hour, view_id, next_at) values (${rows.reportId}, ${organizationId}, ${MARK}, 'daily', 7, ${rows.viewId}, now())`;
		await sql`insert into import_errors (organization_id, import_id, number, line, problem) values (${organizationId}, ${rows.importId}, 0, 2, ${MARK})`;
		await sql`insert into invitations (id, organization_id, email, role, token_hash, expires_at)
			values (${rows.invitationId}, ${organizationId}, ${`${MARK}@example.com`}, 'viewer', ${MARK}, now() + interval '1 day')`;
		await sql`insert into users (id, email, name, password_hash) values (${rows.memberId}, ${`${MARK}@example.org`}, ${MARK}, 'none')`;
		await sql`insert into members (organization_id, user_id, role) values (${organizationId}, ${rows.memberId}, 'analyst')`;
	});
});

async function markedProduct(organizationId: string): Promise<{ productId: string; listingId: string }> {
	const [row] = await asSystem(
		'operator: queues and health',
		({ sql }) => sql<{ productId: string; listingId: string }[]>`
		select product_id, id as listing_id from listings where organization_id = ${organizationId} limit 1`
	);
	await asSystem(
		'operator: queues and health',
		({ sql }) => sql`
		insert into product_costs (organization_id, product_id, from_day, unit_cost, currency, source) values (${organizationId}, ${row!.productId}, '1970-01-01', '7', 'USD', 'person')`
	);
	return row!;
}

async function markedCustomer(organizationId: string): Promise<string> {
	const [row] = await asSystem(
		'operator: queues and health',
		({ sql }) => sql<{ id: string }[]>`select id from customers where organization_id = ${organizationId}`
	);
	return row!.id;
}

async function recordMarked(organizationId: string, connectionId: string): Promise<string> {
	const now = new Date().toISOString();
	const order = orders.toChannelOrder(
		{
			externalId: MARK,
			name: `#${MARK}`,
			placedAt: now,
			updatedAt: now,
			currency: 'USD',
			status: 'paid',
			financialStatus: 'paid',
			total: '10',
			customer: { externalId: MARK, name: MARK, email: `${MARK}@example.net` },
			address: { name: MARK, city: MARK, region: MARK, country: 'US', countryName: null },
			lines: [
				{ externalId: '1', position: 0, sku: MARK, title: MARK, quantity: 1, unitPrice: '10', gross: '10' }
			]
		},
		{ payload: MARK, source: 'webhook' }
	);
	return live.record(organizationId, async (tx) => {
		const { outcomes, events } = await orders.recordOrders(tx, [
			{ organizationId, connectionId, channel: 'shopify', timeZone: 'UTC', order }
		]);
		return { result: outcomes[0]!.orderId, events };
	});
}

/** What a stream that resumes from the beginning brings within a moment. */
async function readStream(ctx: Ctx): Promise<string> {
	const stop = new AbortController();
	const response = await live.openStream(ctx, 0, { signal: stop.signal });
	setTimeout(() => stop.abort(), 200);
	return response.text();
}

async function readExport(ctx: Ctx): Promise<string> {
	let text = '';
	for await (const piece of await orders.exportOrders(ctx)) text += piece;
	return text;
}

const digest = () =>
	asSystem('operator: queues and health', ({ sql }) => digestOf(sql, theirs.organization.id));

test('every public verb of every domain is in the table, and nothing else', () => {
	const found = verbList().map(({ domain, name }) => `${domain}.${name}`);
	expect([...Object.keys(VERBS), ...Object.keys(EXEMPT)].sort()).toEqual(found.sort());
});

test('the mark would be seen: a member reads their own', async () => {
	const seen = await Promise.all(
		[
			'orders.listOrders',
			'orders.getOrder',
			'orders.getPayload',
			'orders.exportOrders',
			'channels.channelsOverview',
			'identity.listMembers',
			'live.openStream'
		].map(async (name) => [
			name,
			JSON.stringify(await VERBS[name]!.call(theirs.ctx('owner'), rows)).includes(MARK)
		])
	);
	expect(seen.filter(([, found]) => !found)).toEqual([]);
});

describe.each(Object.entries(VERBS))('%s', (_name, { needs, call, talksToShop, answersEmpty }) => {
	test.skipIf(talksToShop)(
		'another organization’s owner gets nothing of it and changes nothing',
		async () => {
			const before = await digest();
			const answer = await call(mine.ctx('owner'), rows).catch((error: unknown) => {
				if (!(error instanceof AppError)) throw error; // a refusal in words, not a crash
				return error.message;
			});
			expect(JSON.stringify(answer ?? null)).not.toContain(MARK);
			expect(JSON.stringify(answer ?? null)).not.toContain(theirs.organization.id);
			expect(await digest()).toEqual(before);
		}
	);

	test('a role without the permission is refused and changes nothing', async () => {
		const before = await digest();
		const weaker = ROLES.filter((role) => !(permissionsOf(role) as string[]).includes(needs));
		const nobody: Ctx = { ...theirs.ctx('viewer'), permissions: new Set() };
		for (const ctx of [...weaker.map((role) => theirs.ctx(role)), nobody]) {
			if (answersEmpty) expect(await call(ctx, rows)).toEqual([]);
			else await expect(call(ctx, rows)).rejects.toThrow(Forbidden);
		}
		expect(await digest()).toEqual(before);
	});
});
