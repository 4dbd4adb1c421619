/** Where customers live: [code, name, share, sales tax, cities with the start of their postcode]. */
type Region = readonly [string, string, number, number, readonly (readonly [string, string])[]];

export interface Country {
	code: string;
	name: string;
	share: number;
	regions: readonly Region[];
	shipping: number;
	taxShipping: boolean;
}

const NONE = '';

const US: readonly Region[] = [
	['CA', 'California', 118, 0.0725, [['Los Angeles', '900'], ['San Diego', '921'], ['Oakland', '946'], ['Sacramento', '958']]], // prettier-ignore
	[
		'TX',
		'Texas',
		86,
		0.0625,
		[
			['Austin', '787'],
			['Houston', '770'],
			['Dallas', '752']
		]
	],
	[
		'FL',
		'Florida',
		64,
		0.06,
		[
			['Miami', '331'],
			['Tampa', '336'],
			['Orlando', '328']
		]
	],
	[
		'NY',
		'New York',
		62,
		0.08,
		[
			['Brooklyn', '112'],
			['New York', '100'],
			['Buffalo', '142']
		]
	],
	[
		'PA',
		'Pennsylvania',
		38,
		0.06,
		[
			['Philadelphia', '191'],
			['Pittsburgh', '152']
		]
	],
	[
		'IL',
		'Illinois',
		37,
		0.0625,
		[
			['Chicago', '606'],
			['Naperville', '605']
		]
	],
	[
		'OH',
		'Ohio',
		33,
		0.0575,
		[
			['Columbus', '432'],
			['Cleveland', '441']
		]
	],
	[
		'GA',
		'Georgia',
		31,
		0.04,
		[
			['Atlanta', '303'],
			['Savannah', '314']
		]
	],
	[
		'NC',
		'North Carolina',
		30,
		0.0475,
		[
			['Raleigh', '276'],
			['Asheville', '288']
		]
	],
	[
		'MI',
		'Michigan',
		28,
		0.06,
		[
			['Detroit', '482'],
			['Ann Arbor', '481']
		]
	],
	[
		'WA',
		'Washington',
		34,
		0.065,
		[
			['Seattle', '981'],
			['Spokane', '992']
		]
	],
	[
		'OR',
		'Oregon',
		26,
		0,
		[
			['Portland', '972'],
			['Bend', '977'],
			['Eugene', '974']
		]
	],
	[
		'CO',
		'Colorado',
		26,
		0.029,
		[
			['Denver', '802'],
			['Boulder', '803']
		]
	],
	[
		'MA',
		'Massachusetts',
		25,
		0.0625,
		[
			['Boston', '021'],
			['Cambridge', '021']
		]
	],
	[
		'MN',
		'Minnesota',
		19,
		0.06875,
		[
			['Minneapolis', '554'],
			['Duluth', '558']
		]
	],
	[
		'VA',
		'Virginia',
		24,
		0.053,
		[
			['Richmond', '232'],
			['Arlington', '222']
		]
	],
	[
		'AZ',
		'Arizona',
		21,
		0.056,
		[
			['Phoenix', '850'],
			['Tucson', '857']
		]
	],
	[
		'TN',
		'Tennessee',
		19,
		0.07,
		[
			['Nashville', '372'],
			['Memphis', '381']
		]
	],
	['UT', 'Utah', 12, 0.0485, [['Salt Lake City', '841']]],
	['ME', 'Maine', 7, 0.055, [['Portland', '041']]],
	['VT', 'Vermont', 5, 0.06, [['Burlington', '054']]],
	['MT', 'Montana', 5, 0, [['Missoula', '598']]]
];

const CANADA: readonly Region[] = [
	[
		'ON',
		'Ontario',
		40,
		0.13,
		[
			['Toronto', 'M5V'],
			['Ottawa', 'K1P']
		]
	],
	[
		'BC',
		'British Columbia',
		24,
		0.12,
		[
			['Vancouver', 'V6B'],
			['Victoria', 'V8W']
		]
	],
	['QC', 'Quebec', 18, 0.14975, [['Montreal', 'H2Y']]],
	[
		'AB',
		'Alberta',
		14,
		0.05,
		[
			['Calgary', 'T2P'],
			['Edmonton', 'T5J']
		]
	]
];

function single(...cities: (readonly [string, string])[]): readonly Region[] {
	return [[NONE, NONE, 1, 0, cities]];
}

export const COUNTRIES: readonly Country[] = [
	{ code: 'US', name: 'United States', share: 800, regions: US, shipping: 695, taxShipping: false },
	{ code: 'CA', name: 'Canada', share: 78, regions: CANADA, shipping: 1295, taxShipping: true },
	{ code: 'GB', name: 'United Kingdom', share: 46, regions: [['ENG', 'England', 8, 0, [['London', 'E1'], ['Bristol', 'BS1'], ['Leeds', 'LS1']]], ['SCT', 'Scotland', 2, 0, [['Edinburgh', 'EH1']]]], shipping: 1995, taxShipping: false }, // prettier-ignore
	{ code: 'DE', name: 'Germany', share: 24, regions: single(['Berlin', '101'], ['Hamburg', '200'], ['Munich', '803']), shipping: 1995, taxShipping: false }, // prettier-ignore
	{ code: 'NO', name: 'Norway', share: 18, regions: single(['Oslo', '01'], ['Bergen', '50'], ['Trondheim', '70']), shipping: 2195, taxShipping: false }, // prettier-ignore
	{ code: 'AU', name: 'Australia', share: 16, regions: [['NSW', 'New South Wales', 3, 0, [['Sydney', '20']]], ['VIC', 'Victoria', 2, 0, [['Melbourne', '30']]]], shipping: 2495, taxShipping: false }, // prettier-ignore
	{ code: 'FR', name: 'France', share: 10, regions: single(['Paris', '750'], ['Lyon', '690']), shipping: 1995, taxShipping: false }, // prettier-ignore
	{ code: 'NL', name: 'Netherlands', share: 8, regions: single(['Amsterdam', '10'], ['Utrecht', '35']), shipping: 1995, taxShipping: false } // prettier-ignore
];

export const FIRST_NAMES =
	'Ada Amara Amy Ana Aisha Ben Bea Carl Carmen Chloe Clara Daniel David Diego Dina Elena Ella Emil Emma Erik Eva Farah Felix Finn Freya George Grace Hana Hannah Hugo Ida Ines Ingrid Iris Isaac Ivan Jack Jana Jonas Josh Julia June Kai Karin Kate Kofi Lars Laura Lena Leo Liam Lina Lucas Lucy Maja Marco Maria Mark Maya Mia Mina Nadia Nia Nils Noah Nora Olga Oliver Omar Oscar Owen Paul Petra Priya Quinn Rafael Rosa Ruth Ryan Sam Sara Sean Sofia Sven Tara Theo Thea Tom Uma Vera Victor Wei Will Yara Yusuf Zoe'.split(
		' '
	);

export const LAST_NAMES =
	'Abbott Adams Ahmed Allen Andersen Baker Bauer Bell Berg Brooks Brown Bryant Campbell Carter Chen Clark Cohen Cole Cruz Dahl Davies Diaz Dixon Duncan Ellis Evans Fischer Flores Ford Foster Fox Garcia Gibson Gomez Gray Green Hall Hansen Harper Hayes Hill Holm Howard Hughes Hunt Ito Jackson James Jensen Johansen Jones Kaur Kelly Kim King Klein Kumar Lam Larsen Lee Lewis Lind Long Lopez Martin Mason Meyer Miller Moore Morgan Murphy Nguyen Novak Okafor Olsen Ortiz Park Patel Perez Peters Price Reed Reyes Rice Rivera Rossi Russo Sanders Santos Schmidt Scott Shah Silva Singh Smith Sokolov Stone Suzuki Tanaka Taylor Thomas Torres Turner Vega Walker Wang Ward Weber West White Wilson Wood Wright Yang Young Zhang'.split(
		' '
	);

export const STREETS =
	'Maple,Oak,Cedar,Pine,Elm,Lake,Hill,Park,Mill,River,Spring,Church,Main,High,Station,Orchard,Garden,Bridge'.split(
		','
	);
