import type { BulkTable } from './bulk.ts';

export const ORDERS: BulkTable = {
	name: 'orders',
	columns: {
		id: 'uuid',
		organization_id: 'uuid',
		connection_id: 'uuid',
		channel: 'text',
		external_id: 'text',
		name: 'text',
		name_key: 'text',
		kind: 'text',
		status: 'text',
		financial_status: 'text',
		fulfillment_status: 'text',
		placed_at: 'timestamptz',
		cancelled_at: 'timestamptz',
		source_updated_at: 'timestamptz',
		currency: 'text',
		presentment_currency: 'text',
		presentment_total: 'numeric',
		gross: 'numeric',
		discounts: 'numeric',
		shipping: 'numeric',
		tax: 'numeric',
		total: 'numeric',
		refunded: 'numeric',
		net: 'numeric',
		units: 'integer',
		line_count: 'integer',
		customer_id: 'uuid',
		ship_name: 'text',
		ship_city: 'text',
		ship_country: 'text',
		ship_region: 'text',
		ship_country_name: 'text',
		summary: 'text',
		content_hash: 'text'
	}
};

export const LINES: BulkTable = {
	name: 'order_lines',
	columns: {
		id: 'uuid',
		organization_id: 'uuid',
		order_id: 'uuid',
		external_id: 'text',
		position: 'integer',
		listing_id: 'uuid',
		product_id: 'uuid',
		sku: 'text',
		title: 'text',
		variant_title: 'text',
		quantity: 'integer',
		unit_price: 'numeric',
		gross: 'numeric',
		discount: 'numeric',
		tax: 'numeric',
		is_gift_card: 'boolean',
		adjustment: 'jsonb'
	}
};

export const REFUNDS: BulkTable = {
	name: 'refunds',
	columns: {
		id: 'uuid',
		organization_id: 'uuid',
		order_id: 'uuid',
		external_id: 'text',
		refunded_at: 'timestamptz',
		total: 'numeric'
	}
};

export const REFUND_LINES: BulkTable = {
	name: 'refund_lines',
	columns: {
		id: 'uuid',
		organization_id: 'uuid',
		order_id: 'uuid',
		refund_id: 'uuid',
		external_id: 'text',
		kind: 'text',
		order_line_id: 'uuid',
		product_id: 'uuid',
		quantity: 'integer',
		amount: 'numeric',
		tax: 'numeric',
		restocked: 'boolean'
	}
};

export const EVENTS: BulkTable = {
	name: 'order_events',
	columns: {
		id: 'uuid',
		organization_id: 'uuid',
		order_id: 'uuid',
		kind: 'text',
		at: 'timestamptz',
		source: 'text',
		data: 'jsonb'
	}
};
