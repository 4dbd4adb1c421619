/** A family of products: one title, sold in several sizes and finishes. */
export interface Family {
	title: string;
	code: string;
	type: string;
	vendor: string;
	/** Each is [name, code, price in the currency]. */
	sizes: readonly (readonly [string, string, number])[];
	/** Each is [name, code]; one product per size and finish. */
	finishes: readonly (readonly [string, string])[];
	/** Option values sold as variants of one product (clothing sizes). */
	fits?: readonly string[];
}

const SLATE = ['slate', 'SLT'] as const;
const SAND = ['sand', 'SND'] as const;
const MOSS = ['moss', 'MSS'] as const;
const CREAM = ['cream', 'CRM'] as const;
const INK = ['ink', 'INK'] as const;
const CLAY = ['clay', 'CLY'] as const;
const OAK = ['oak', 'OAK'] as const;
const WALNUT = ['walnut', 'WNT'] as const;
const STEEL = ['steel', 'STL'] as const;
const BRASS = ['brass', 'BRS'] as const;
const ONE = [['', '']] as const;
const FITS = ['S', 'M', 'L', 'XL'];
const AF = 'Alder & Finch';
const HEARTH = 'Hearthside';
const NORTH = 'Northfell';

function family(
	type: string,
	vendor: string,
	title: string,
	code: string,
	sizes: Family['sizes'] | number,
	finishes: Family['finishes'] = ONE,
	fits?: string[]
): Family {
	const list = typeof sizes === 'number' ? ([['', '', sizes]] as const) : sizes;
	return { type, vendor, title, code, sizes: list, finishes, fits };
}

/** The best-selling families first: popularity falls with the position. */
export const FAMILIES: readonly Family[] = [
	family('Drinkware', AF, 'Trail bottle', 'BTL', [['750 ml', '750', 32], ['500 ml', '500', 27], ['1 l', '1000', 38]], [SLATE, SAND, MOSS, INK]), // prettier-ignore
	family('Drinkware', AF, 'Enamel mug', 'MUG', [['350 ml', '350', 16], ['500 ml', '500', 19]], [CREAM, SLATE, MOSS, CLAY]), // prettier-ignore
	family('Coffee', AF, 'Pour-over kettle', 'KET', [['900 ml', '900', 79], ['600 ml', '600', 64]], [STEEL, INK, BRASS]), // prettier-ignore
	family('Coffee', AF, 'Paper filters', 'FLT', [
		['100 pack', '100', 9],
		['200 pack', '200', 15]
	]),
	family(
		'Coffee',
		AF,
		'Hand grinder',
		'GRN',
		[
			['', 'HND', 89],
			['travel', 'TRV', 69]
		],
		[STEEL, WALNUT, INK]
	),
	family('Cookware', AF, 'Cast-iron skillet', 'SKL', [['20 cm', '20', 39], ['24 cm', '24', 52], ['28 cm', '28', 66]]), // prettier-ignore
	family(
		'Pantry',
		AF,
		'Spice jars',
		'SPC',
		[
			['set of 12', '12', 42],
			['set of 6', '6', 24]
		],
		[OAK, STEEL]
	),
	family('Outdoor', NORTH, 'Camp lantern', 'LNT', [['200 lm', '200', 44], ['400 lm', '400', 62]], [MOSS, SAND, INK]), // prettier-ignore
	family('Outdoor', NORTH, 'Wool blanket', 'BLK', [['130 x 180', '130', 89], ['150 x 200', '150', 119]], [SLATE, CLAY, MOSS, CREAM]), // prettier-ignore
	family('Apparel', NORTH, 'Merino tee', 'TEE', 58, [SLATE, MOSS, INK, SAND, CLAY], FITS),
	family(
		'Cookware',
		HEARTH,
		'Dutch oven',
		'DTO',
		[
			['4 l', '4', 128],
			['6 l', '6', 158]
		],
		[CREAM, INK, CLAY]
	),
	family('Tableware', HEARTH, 'Stoneware bowl', 'BWL', [['small', 'S', 14], ['large', 'L', 22]], [CREAM, SLATE, CLAY, MOSS]), // prettier-ignore
	family('Tableware', HEARTH, 'Stoneware plate', 'PLT', [['21 cm', '21', 15], ['27 cm', '27', 21]], [CREAM, SLATE, CLAY]), // prettier-ignore
	family(
		'Knives',
		HEARTH,
		'Chef knife',
		'CHF',
		[
			['18 cm', '18', 84],
			['21 cm', '21', 98]
		],
		[WALNUT, INK]
	),
	family('Knives', HEARTH, 'Paring knife', 'PAR', [['9 cm', '9', 34]], [WALNUT, INK, OAK]),
	family('Storage', AF, 'Bread box', 'BRD', 68, [OAK, STEEL, CREAM]),
	family('Storage', AF, 'Glass container', 'PRO-GLS', [['0.5 l', '05', 12], ['1 l', '10', 16], ['2 l', '20', 22]]), // prettier-ignore
	family('Home', HEARTH, 'Soy candle', 'CND', [['200 g', '200', 24], ['400 g', '400', 38]], [['cedar', 'CDR'], ['fig', 'FIG'], ['smoke', 'SMK']]), // prettier-ignore
	family('Home', HEARTH, 'Linen tea towel', 'TWL', [['set of 2', '2', 22], ['set of 4', '4', 39]], [SAND, SLATE, CLAY]), // prettier-ignore
	family('Home', HEARTH, 'Linen cushion', 'CSH', [['45 cm', '45', 36], ['60 cm', '60', 48]], [SAND, MOSS, INK, CLAY]), // prettier-ignore
	family('Outdoor', NORTH, 'Camp stove', 'STV', [
		['single', '1', 74],
		['double', '2', 112]
	]),
	family('Outdoor', NORTH, 'Dry bag', 'DRY', [['10 l', '10', 26], ['20 l', '20', 34], ['35 l', '35', 44]], [MOSS, INK, CLAY]), // prettier-ignore
	family('Outdoor', NORTH, 'Folding chair', 'CHR', 86, [MOSS, SAND, SLATE]),
	family('Apparel', NORTH, 'Fleece pullover', 'FLC', 96, [SLATE, CLAY, MOSS], FITS),
	family('Apparel', NORTH, 'Wool beanie', 'BNE', 28, [SLATE, CLAY, MOSS, INK, CREAM]),
	family('Apparel', NORTH, 'Hiking socks', 'SCK', [['pair', '1', 18], ['3 pairs', '3', 46]], [SLATE, MOSS, CLAY]), // prettier-ignore
	family(
		'Coffee',
		AF,
		'French press',
		'FRP',
		[
			['350 ml', '350', 34],
			['1 l', '1000', 46]
		],
		[STEEL, CREAM]
	),
	family('Coffee', AF, 'Coffee canister', 'CAN', [['250 g', '250', 24], ['500 g', '500', 31]], [STEEL, INK, CREAM]), // prettier-ignore
	family('Pantry', AF, 'Olive oil cruet', 'OIL', [['250 ml', '250', 21], ['500 ml', '500', 27]], [CREAM, STEEL]), // prettier-ignore
	family(
		'Pantry',
		AF,
		'Pepper mill',
		'PPR',
		[
			['15 cm', '15', 32],
			['20 cm', '20', 38]
		],
		[OAK, WALNUT, INK]
	),
	family('Pantry', AF, 'Sea salt', 'SLT', [['250 g', '250', 8], ['500 g', '500', 13]], [['plain', 'PLN'], ['smoked', 'SMK'], ['herb', 'HRB']]), // prettier-ignore
	family('Cookware', HEARTH, 'Saucepan', 'SCP', [
		['1 l', '1', 54],
		['2 l', '2', 68],
		['3 l', '3', 82]
	]),
	family('Cookware', HEARTH, 'Baking sheet', 'BKS', [
		['half', 'H', 24],
		['quarter', 'Q', 18]
	]),
	family(
		'Cookware',
		HEARTH,
		'Mixing bowl',
		'MIX',
		[
			['2 l', '2', 22],
			['4 l', '4', 29]
		],
		[STEEL, CREAM, SLATE]
	),
	family('Tableware', HEARTH, 'Water glass', 'GLS', [['set of 4', '4', 32], ['set of 6', '6', 45]], [['clear', 'CLR'], ['smoke', 'SMK']]), // prettier-ignore
	family('Tableware', HEARTH, 'Cutlery set', 'CTL', [['16 pieces', '16', 78], ['24 pieces', '24', 112]], [STEEL, BRASS]), // prettier-ignore
	family('Tableware', HEARTH, 'Serving board', 'BRD-SRV', [['30 cm', '30', 36], ['45 cm', '45', 52]], [OAK, WALNUT]), // prettier-ignore
	family(
		'Storage',
		AF,
		'Wire basket',
		'BSK',
		[
			['small', 'S', 22],
			['large', 'L', 32]
		],
		[STEEL, BRASS, INK]
	),
	family(
		'Storage',
		AF,
		'Lunch box',
		'LCH',
		[
			['single', '1', 26],
			['tiered', '2', 36]
		],
		[STEEL, MOSS, SAND]
	),
	family('Storage', AF, 'Market tote', 'TOT', 29, [SAND, INK, MOSS, CLAY]),
	family('Home', HEARTH, 'Wall clock', 'CLK', 58, [OAK, WALNUT, INK]),
	family('Home', HEARTH, 'Table lamp', 'LMP', [['', '', 94]], [BRASS, CREAM, INK]),
	family('Home', HEARTH, 'Plant pot', 'POT', [['14 cm', '14', 18], ['20 cm', '20', 28], ['26 cm', '26', 39]], [CLAY, CREAM, SLATE]), // prettier-ignore
	family('Garden', NORTH, 'Hand trowel', 'TRW', 24, [OAK, STEEL]),
	family('Garden', NORTH, 'Pruning shears', 'PRN', [
		['', '', 38],
		['long', 'LNG', 52]
	]),
	family(
		'Garden',
		NORTH,
		'Watering can',
		'WTR',
		[
			['2 l', '2', 36],
			['5 l', '5', 52]
		],
		[STEEL, MOSS, CREAM]
	),
	family('Garden', NORTH, 'Seed box', 'SED', [['herbs', 'HRB', 19], ['greens', 'GRN', 19], ['flowers', 'FLW', 19]]), // prettier-ignore
	family('Garden', NORTH, 'Garden gloves', 'GLV', 22, [MOSS, CLAY], ['S', 'M', 'L']),
	family('Drinkware', AF, 'Thermos flask', 'THM', [['750 ml', '750', 44], ['1 l', '1000', 52]], [SLATE, MOSS, CREAM]), // prettier-ignore
	family('Drinkware', AF, 'Travel tumbler', 'TMB', [['350 ml', '350', 28], ['475 ml', '475', 32]], [SLATE, SAND, INK, CLAY]), // prettier-ignore
	family('Outdoor', NORTH, 'Picnic set', 'PCN', [
		['2 people', '2', 72],
		['4 people', '4', 108]
	]),
	family(
		'Outdoor',
		NORTH,
		'Hammock',
		'HMK',
		[
			['single', '1', 64],
			['double', '2', 84]
		],
		[MOSS, SAND, CLAY]
	),
	family('Knives', HEARTH, 'Bread knife', 'BKN', 62, [WALNUT, INK]),
	family('Knives', HEARTH, 'Sharpening stone', 'SHP', [
		['1000 grit', '1000', 42],
		['6000 grit', '6000', 54]
	])
];
