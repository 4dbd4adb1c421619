/** An invented shop for the picture on the landing page, which says so. Net sales a day: Amazon, Shopify, Walmart. */
export const days: number[][] = [
	[2810, 1620, 720],
	[2920, 1850, 780],
	[3180, 1740, 660],
	[3150, 1900, 780],
	[3520, 1880, 900],
	[3380, 1820, 800],
	[2930, 1900, 850],
	[3020, 1880, 700],
	[3060, 1560, 850],
	[3200, 1860, 860],
	[3420, 1450, 1360],
	[3870, 3620, 1000],
	[3860, 2020, 1850],
	[3180, 1820, 740],
	[3140, 2150, 600],
	[3170, 1880, 820],
	[3360, 1950, 800],
	[3680, 1850, 1000],
	[4060, 2450, 960],
	[3780, 1850, 680],
	[3380, 1700, 880],
	[3260, 1790, 1080],
	[3520, 1700, 1260],
	[3610, 1690, 1200],
	[3800, 2420, 800],
	[3940, 2600, 1150],
	[3880, 1720, 1700],
	[3640, 2030, 990],
	[3380, 2140, 900],
	[3320, 2210, 1250]
];

/** The same days a month before, all channels. */
export const before = [
	5560, 4740, 4900, 4840, 4980, 5530, 5700, 5650, 4970, 5080, 4840, 5160, 5590, 6010, 5570, 5070, 4850, 4870,
	5170, 5560, 5950, 5690, 5150, 5230, 4990, 5230, 5690, 6110, 5720, 5350
];

export const orders = [
	{
		channel: 'amazon',
		items: 'Trail bottle 750 ml, slate',
		total: '$34.00',
		time: '2:32:07 PM',
		place: 'Tacoma, WA'
	},
	{
		channel: 'shopify',
		items: 'Hand grinder + Paper filters',
		total: '$96.46',
		time: '2:31:52 PM',
		place: 'Oslo, Norway'
	},
	{
		channel: 'amazon',
		items: 'Cast iron skillet 24 cm',
		total: '$48.50',
		time: '2:24:18 PM',
		place: 'Plano, TX'
	},
	{
		channel: 'walmart',
		items: 'Spice jar set, 12',
		total: '$36.00',
		time: '2:17:44 PM',
		place: 'Dayton, OH'
	},
	{
		channel: 'amazon',
		items: 'Camp mug 350 ml × 4',
		total: '$74.00',
		time: '2:12:03 PM',
		place: 'Eugene, OR'
	},
	{
		channel: 'shopify',
		items: 'Pour-over set, glass',
		total: '$42.00',
		time: '2:04:35 PM',
		place: 'Portland, ME'
	},
	{ channel: 'amazon', items: 'Paper filters, 100 ct', total: '$9.50', time: '1:58:57 PM', place: 'Mesa, AZ' }
];
