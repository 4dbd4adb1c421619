/** Roles, from most to least. */
export const ROLES = ['owner', 'admin', 'manager', 'analyst', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

export const ROLE_NAMES: Record<Role, string> = {
	owner: 'Owner',
	admin: 'Admin',
	manager: 'Manager',
	analyst: 'Analyst',
	viewer: 'Viewer'
};
/** What a role may do, in a line. */
export const ROLE_NOTES: Record<Role, string> = {
	owner: 'Everything, and decides who owns',
	admin: 'Everything but ownership',
	manager: 'Works with orders and stock, may be limited to channels',
	analyst: 'Reads everything, exports',
	viewer: 'Reads'
};

/** The one table of who may do what; server verbs and menus read the same. */
export const PERMISSIONS = {
	'organization.read': ['owner', 'admin', 'manager', 'analyst', 'viewer'],
	'organization.update': ['owner', 'admin'],
	'organization.delete': ['owner'],
	'members.read': ['owner', 'admin', 'manager', 'analyst', 'viewer'],
	'members.manage': ['owner', 'admin'],
	'channels.read': ['owner', 'admin', 'manager', 'analyst', 'viewer'],
	'channels.manage': ['owner', 'admin'],
	'channels.sync': ['owner', 'admin', 'manager'],
	'orders.read': ['owner', 'admin', 'manager', 'analyst', 'viewer'],
	'orders.import': ['owner', 'admin'],
	'orders.export': ['owner', 'admin', 'manager', 'analyst'],
	'orders.payload': ['owner', 'admin', 'analyst'],
	'products.read': ['owner', 'admin', 'manager', 'analyst', 'viewer'],
	'products.manage': ['owner', 'admin', 'manager'],
	'inventory.read': ['owner', 'admin', 'manager', 'analyst', 'viewer'],
	'inventory.adjust': ['owner', 'admin', 'manager'],
	'customers.read': ['owner', 'admin', 'analyst', 'viewer'],
	'analytics.read': ['owner', 'admin', 'manager', 'analyst', 'viewer'],
	'analytics.export': ['owner', 'admin', 'manager', 'analyst'],
	'views.manage': ['owner', 'admin', 'manager', 'analyst'],
	'rates.manage': ['owner', 'admin'],
	'forecasts.manage': ['owner', 'admin', 'manager', 'analyst'],
	'ads.manage': ['owner', 'admin'],
	'audit.read': ['owner', 'admin']
} as const satisfies Record<string, readonly Role[]>;
export type Permission = keyof typeof PERMISSIONS;

/** The permissions of a role. */
export function permissionsOf(role: Role): Permission[] {
	return (Object.keys(PERMISSIONS) as Permission[]).filter((name) =>
		(PERMISSIONS[name] as readonly Role[]).includes(role)
	);
}

/** What a visitor of the shared demo organization may do: look. */
export const DEMO_PERMISSIONS: readonly Permission[] = permissionsOf('viewer');
