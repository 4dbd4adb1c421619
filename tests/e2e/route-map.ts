import type { Permission } from '../../src/lib/contracts/permissions.ts';
import { newId } from '../../src/lib/server/platform/ids.ts';
import type { Planted } from './two-tenants.ts';

/** Who may use a route or action: a permission, any member of the organization, anyone signed in, or anyone at all. */
export type Needs = Permission | 'member' | 'signed-in' | 'anyone';

const IMPORT_OPTIONS = {
	format: 'template',
	channel: 'shopify',
	encoding: 'utf-8',
	delimiter: ',',
	timeZone: 'UTC',
	decimal: '.',
	currency: 'USD'
};

/** What the matrix must know about a route, since the file tree cannot tell. */
export interface RouteCase {
	needs: Needs;
	/** Values for the parameters besides [org], from one tenant's rows. */
	params?: (tenant: Planted) => Record<string, string>;
	/** For each form action or writing method: who may, and fields that name the tenant's rows. */
	writes?: Record<string, { needs: Needs; fields: (tenant: Planted) => Record<string, string> }>;
	/** An answer that never ends: read for a moment only. */
	endless?: true;
	/** Why its writes are not in the matrix: they touch nothing but the caller's own account. */
	ownAccount?: string;
}

/** Every route of src/routes. A route that is missing here fails the test. */
export const ROUTES: Record<string, RouteCase> = {
	'/': { needs: 'anyone' },
	'/healthz': { needs: 'anyone' },
	'/readyz': { needs: 'anyone' },
	'/metrics': { needs: 'anyone' },
	'/outbox': { needs: 'anyone' },
	'/demo': { needs: 'anyone', ownAccount: 'gives the caller a cookie for the demo' },
	'/demo/leave': { needs: 'anyone', ownAccount: 'takes the cookie back' },
	'/sign-in': { needs: 'anyone', ownAccount: 'starts a session of whoever knows the password' },
	'/sign-up': { needs: 'anyone', ownAccount: 'makes a person and an organization' },
	'/sign-out': { needs: 'anyone', ownAccount: 'ends the session the browser brought' },
	'/reset': { needs: 'anyone', ownAccount: 'sends a mail' },
	'/reset/[token]': {
		needs: 'anyone',
		params: () => ({ token: 'x'.repeat(27) }),
		ownAccount: 'needs the token of a mail'
	},
	'/verify': { needs: 'anyone', ownAccount: 'needs the token of a mail' },
	'/invite/[token]': {
		needs: 'anyone',
		params: () => ({ token: 'x'.repeat(27) }),
		ownAccount: 'needs the token of a mail'
	},
	'/unsubscribe/[token]': {
		needs: 'anyone',
		params: () => ({ token: 'x'.repeat(40) }),
		ownAccount: 'needs the signed link of a mail'
	},
	'/organizations/new': { needs: 'signed-in', ownAccount: 'makes an organization of the caller' },
	'/gallery': { needs: 'anyone' },
	'/gallery/shell': { needs: 'anyone' },
	'/webhooks/shopify': { needs: 'anyone', ownAccount: 'needs the signature of a shop' },
	'/webhooks/stripe': { needs: 'anyone', ownAccount: 'needs the signature of Stripe' },
	'/webhooks/walmart': { needs: 'anyone', ownAccount: 'needs the signature of a connection' },
	'/docs/api': { needs: 'anyone' },
	'/api/v1/[...path]': {
		needs: 'anyone',
		params: () => ({ path: 'orders' }),
		ownAccount: 'takes no cookie; tests/api sends each endpoint with tokens of two organizations'
	},
	'/ws/[name]': {
		needs: 'anyone',
		params: () => ({ name: 'orders' }),
		ownAccount: 'refuses whatever is no WebSocket; those take tickets only, see tests/api'
	},
	'/[org]': { needs: 'member' },
	'/[org]/dashboard': { needs: 'analytics.read' },
	'/[org]/dashboard/data': { needs: 'analytics.read' },
	'/oauth/shopify': { needs: 'anyone' },
	'/[org]/orders': { needs: 'orders.read' },
	'/[org]/orders/export': { needs: 'orders.export' },
	'/[org]/orders/[id]': { needs: 'orders.read', params: ({ orderId }) => ({ id: orderId }) },
	'/[org]/orders/[id]/payload': { needs: 'orders.payload', params: ({ orderId }) => ({ id: orderId }) },
	'/[org]/channels': { needs: 'channels.read' },
	'/[org]/channels/connect': {
		needs: 'channels.manage',
		writes: {
			client: {
				needs: 'channels.manage',
				fields: ({ shop }) => ({ shop: shop.domain, clientId: 'id', clientSecret: 'secret' })
			},
			token: {
				needs: 'channels.manage',
				fields: ({ shop }) => ({ shop: shop.domain, accessToken: 'shpat_x', clientSecret: 'secret' })
			},
			amazon: {
				needs: 'channels.manage',
				fields: () => ({
					region: 'na',
					sellerId: 'A2EXAMPLE12345',
					clientId: 'amzn1.application-oa2-client.0',
					clientSecret: 'secret',
					refreshToken: 'Atzr|x'
				})
			},
			walmart: {
				needs: 'channels.manage',
				fields: () => ({ clientId: '4f2c1a9e-1b7d-4c55-9a3e-2f5d8c7b6a10', clientSecret: 'secret' })
			},
			oauth: { needs: 'channels.manage', fields: ({ shop }) => ({ shop: shop.domain }) }
		}
	},
	'/[org]/channels/connect/return': { needs: 'channels.manage' },
	'/[org]/channels/[id]': {
		needs: 'channels.read',
		params: ({ shop }) => ({ id: shop.connectionId }),
		writes: {
			sync: { needs: 'channels.sync', fields: () => ({}) },
			pause: { needs: 'channels.manage', fields: () => ({}) },
			resume: { needs: 'channels.manage', fields: () => ({}) },
			disconnect: { needs: 'channels.manage', fields: () => ({}) },
			payload: { needs: 'orders.payload', fields: ({ deadLetterId }) => ({ letter: deadLetterId }) },
			replay: { needs: 'channels.manage', fields: ({ deadLetterId }) => ({ letter: deadLetterId }) },
			replayAll: { needs: 'channels.manage', fields: () => ({}) },
			discard: { needs: 'channels.manage', fields: ({ deadLetterId }) => ({ letter: deadLetterId }) },
			answered: {
				needs: 'channels.manage',
				fields: ({ privacyRequestId }) => ({ request: privacyRequestId })
			}
		}
	},
	'/[org]/channels/[id]/runs/[run]': {
		needs: 'channels.read',
		params: ({ shop, runId }) => ({ id: shop.connectionId, run: runId })
	},
	'/[org]/channels/[id]/requests/[request]': {
		needs: 'channels.manage',
		params: ({ shop, privacyRequestId }) => ({ id: shop.connectionId, request: privacyRequestId })
	},
	'/[org]/reconciliation': { needs: 'analytics.read' },
	'/[org]/import': { needs: 'orders.import' },
	'/[org]/import/files': {
		needs: 'orders.import',
		writes: { POST: { needs: 'orders.import', fields: () => ({}) } }
	},
	'/[org]/import/template': { needs: 'orders.import' },
	'/[org]/import/[id]': {
		needs: 'orders.import',
		params: ({ importId }) => ({ id: importId }),
		writes: {
			check: { needs: 'orders.import', fields: () => IMPORT_OPTIONS },
			start: { needs: 'orders.import', fields: () => ({}) },
			undo: { needs: 'orders.import', fields: () => ({}) },
			discard: { needs: 'orders.import', fields: () => ({}) }
		}
	},
	'/[org]/import/[id]/part': {
		needs: 'orders.import',
		params: ({ importId }) => ({ id: importId }),
		writes: { PUT: { needs: 'orders.import', fields: () => ({}) } }
	},
	'/[org]/import/[id]/errors': {
		needs: 'orders.import',
		params: ({ importId }) => ({ id: importId })
	},
	'/[org]/customers': { needs: 'customers.read' },
	'/[org]/customers/cohorts': { needs: 'customers.read' },
	'/[org]/customers/segments': { needs: 'customers.read' },
	'/[org]/customers/list': { needs: 'customers.read' },
	'/[org]/customers/[id]': { needs: 'customers.read', params: ({ customerId }) => ({ id: customerId }) },
	'/[org]/customers/spend': {
		needs: 'analytics.read',
		writes: {
			set: {
				needs: 'ads.manage',
				fields: ({ mark }) => ({
					channel: 'shopify',
					platform: mark,
					day: '2026-01-01',
					through: '',
					amount: '5',
					currency: 'USD'
				})
			},
			change: {
				needs: 'ads.manage',
				fields: ({ mark }) => ({
					channel: 'shopify',
					platform: mark,
					day: '2026-01-01',
					amount: '6',
					currency: 'USD'
				})
			},
			remove: {
				needs: 'ads.manage',
				fields: ({ mark }) => ({ channel: 'shopify', platform: mark, day: '2026-01-01' })
			},
			preview: { needs: 'ads.manage', fields: () => ({ csv: 'day,channel,amount\n2026-01-01,shopify,5' }) },
			take: { needs: 'ads.manage', fields: () => ({ csv: 'day,channel,amount\n2026-01-01,shopify,5' }) }
		}
	},
	'/[org]/profit': { needs: 'analytics.read' },
	'/[org]/trends': {
		needs: 'analytics.read',
		writes: {
			annotate: {
				needs: 'views.manage',
				fields: () => ({ title: 'Taken over', fromDay: '2026-11-01', toDay: '2026-11-02' })
			},
			unannotate: { needs: 'views.manage', fields: () => ({ id: newId() }) },
			save: {
				needs: 'views.manage',
				fields: () => ({ name: 'Taken over', query: '{"metric":"orders"}', shared: 'on' })
			},
			unsave: { needs: 'views.manage', fields: () => ({ id: newId() }) }
		}
	},
	'/[org]/trends/export': { needs: 'analytics.export' },
	'/[org]/trends/goals': {
		needs: 'analytics.read',
		writes: {
			set: {
				needs: 'views.manage',
				fields: () => ({ metric: 'orders', period: 'week', target: '1', channel: '' })
			},
			remove: { needs: 'views.manage', fields: () => ({ id: newId() }) }
		}
	},
	'/[org]/trends/reports': {
		needs: 'analytics.read',
		writes: {
			create: {
				needs: 'views.manage',
				fields: ({ viewerId }) => ({
					name: 'Taken over',
					cadence: 'daily',
					hour: '7',
					viewId: '',
					recipients: viewerId
				})
			},
			remove: { needs: 'views.manage', fields: () => ({ id: newId() }) }
		}
	},
	'/[org]/trends/reports/[id]': {
		needs: 'analytics.read',
		params: ({ reportId }) => ({ id: reportId })
	},
	'/[org]/forecasts': {
		needs: 'analytics.read',
		writes: { train: { needs: 'forecasts.manage', fields: () => ({}) } }
	},
	'/[org]/forecasts/accuracy': { needs: 'analytics.read' },
	'/[org]/forecasts/export': { needs: 'analytics.export' },
	'/[org]/forecasts/[id]': {
		needs: 'analytics.read',
		params: ({ productId }) => ({ id: productId }),
		writes: {
			generate: { needs: 'forecasts.manage', fields: () => ({}) },
			override: {
				needs: 'forecasts.manage',
				fields: () => ({ fromDay: '2026-12-01', toDay: '2026-12-01', units: '1', reason: 'Taken over' })
			},
			undo: { needs: 'forecasts.manage', fields: () => ({ id: newId() }) },
			keep: { needs: 'forecasts.manage', fields: () => ({ name: 'Taken over', scenario: '{"uplift":1}' }) },
			forget: { needs: 'forecasts.manage', fields: () => ({ id: newId() }) }
		}
	},
	'/[org]/products': { needs: 'products.read' },
	'/[org]/products/performance': { needs: 'analytics.read' },
	'/[org]/products/find': { needs: 'products.read' },
	'/[org]/products/mapping': {
		needs: 'products.read',
		writes: {
			merge: {
				needs: 'products.manage',
				fields: ({ productId }) => ({ intoId: productId, fromId: newId() })
			},
			alike: { needs: 'products.manage', fields: () => ({}) },
			apart: {
				needs: 'products.manage',
				fields: ({ productId }) => ({ productId, otherId: newId() })
			}
		}
	},
	'/[org]/products/costs': {
		needs: 'products.manage',
		writes: {
			preview: { needs: 'products.manage', fields: () => ({ csv: 'sku,cost\nNOBODY,1' }) },
			take: { needs: 'products.manage', fields: ({ mark }) => ({ csv: `sku,cost\n${mark},1` }) },
			method: { needs: 'organization.update', fields: () => ({ method: 'average' }) },
			receipt: {
				needs: 'products.manage',
				fields: ({ mark }) => ({
					sku: mark,
					receivedOn: '2026-11-01',
					quantity: '1',
					unitCost: '1',
					currency: 'USD',
					note: ''
				})
			},
			removeReceipt: { needs: 'products.manage', fields: () => ({ receiptId: newId() }) },
			previewReceipts: {
				needs: 'products.manage',
				fields: () => ({ csv: 'sku,received,quantity,cost\nNOBODY,2026-11-01,1,1' })
			},
			takeReceipts: {
				needs: 'products.manage',
				fields: ({ mark }) => ({ csv: `sku,received,quantity,cost\n${mark},2026-11-01,1,1` })
			}
		}
	},
	'/[org]/products/costs/export': { needs: 'products.read' },
	'/[org]/products/costs/receipts-export': { needs: 'products.read' },
	'/[org]/products/[id]': {
		needs: 'products.read',
		params: ({ productId }) => ({ id: productId }),
		writes: {
			words: { needs: 'products.manage', fields: () => ({ title: 'Taken over' }) },
			cost: { needs: 'products.manage', fields: () => ({ unitCost: '1', currency: 'USD', fromDay: '' }) },
			removeCost: { needs: 'products.manage', fields: () => ({ fromDay: '' }) },
			components: {
				needs: 'products.manage',
				fields: () => ({ component: newId(), quantity: '1' })
			},
			merge: { needs: 'products.manage', fields: () => ({ fromId: newId() }) },
			split: { needs: 'products.manage', fields: () => ({ listingId: newId() }) }
		}
	},
	'/[org]/settings/rates': {
		needs: 'analytics.read',
		writes: {
			set: {
				needs: 'rates.manage',
				fields: () => ({ currency: 'GBP', day: '2026-01-01', rate: '2' })
			},
			remove: { needs: 'rates.manage', fields: () => ({ currency: 'GBP', day: '2026-01-01' }) },
			refresh: { needs: 'rates.manage', fields: () => ({}) }
		}
	},
	'/[org]/stream': { needs: 'orders.read', endless: true },
	'/[org]/settings': { needs: 'member' },
	'/[org]/settings/members': {
		needs: 'members.read',
		writes: {
			invite: { needs: 'members.manage', fields: () => ({ email: 'stranger@example.com', role: 'viewer' }) },
			resend: { needs: 'members.manage', fields: ({ invitationId }) => ({ id: invitationId }) },
			revoke: { needs: 'members.manage', fields: ({ invitationId }) => ({ id: invitationId }) },
			change: { needs: 'members.manage', fields: ({ viewerId }) => ({ userId: viewerId, role: 'admin' }) },
			remove: { needs: 'members.manage', fields: ({ adminId }) => ({ userId: adminId }) }
		}
	},
	'/[org]/settings/organization': {
		needs: 'member',
		writes: {
			default: {
				needs: 'organization.update',
				fields: () => ({ name: 'Taken over', currency: 'EUR', timeZone: 'UTC', locale: 'de-DE' })
			}
		}
	},
	'/[org]/settings/security': { needs: 'member', ownAccount: 'sessions, name and password of the caller' }
};
