/** Ids that stand in the documentation's examples; the test that sends them puts its own in their place. */
export const SAMPLE = {
	order: '0199a1c2-7b3e-7c41-9d52-3f0c5be0a101',
	product: '0199a1c2-7b3e-7c41-9d52-3f0c5be0a202',
	unusedProduct: '0199a1c2-7b3e-7c41-9d52-3f0c5be0a203',
	organization: '0199a1c2-7b3e-7c41-9d52-3f0c5be0a303',
	location: '0199a1c2-7b3e-7c41-9d52-3f0c5be0a404',
	connection: '0199a1c2-7b3e-7c41-9d52-3f0c5be0a505',
	customer: '0199a1c2-7b3e-7c41-9d52-3f0c5be0a606',
	line: '0199a1c2-7b3e-7c41-9d52-3f0c5be0a707',
	email: 'mara@northwind.example',
	password: 'seven brown lamps',
	refreshToken: 'q6nPDXc2f0s1S2b0m1v7yQ3yqk9mWc1mUuE3l5vY0aA'
} as const;
