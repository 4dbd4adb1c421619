export const PASSWORD_MIN = 10;
export const PASSWORD_MAX = 200;

/** Words that guessing programs try first, alone or with digits and signs around them. Ours and the trade's are among them. */
const COMMON_WORDS = new Set(
	`password passwort passw0rd pass motdepasse contrasena senha qwerty qwertyuiop qwertz azerty asdfgh asdfghjkl zxcvbn zxcvbnm
	iloveyou ilove welcome letmein admin administrator root test testing guest login master dragon monkey football baseball basketball
	soccer superman batman sunshine princess starwars michael jordan jennifer jessica charlie shadow summer winter spring autumn
	freedom whatever computer internet secret changeme default trustno trustnoone access flower hello helloworld lovely nicole daniel
	ashley hunter killer pepper ginger cookie cheese banana chocolate samsung google facebook amazon shopify walmart tidemark seller
	company business store shop january february march april june july august september october november december monday friday
	abcdef abcdefgh abcdefghij abc abcd qwe qweasd qweasdzxc qazwsx qazwsxedc zaq pokemon naruto liverpool chelsea arsenal barcelona
	realmadrid juventus blink blinkqwe myspace linkedin fuckyou fuckoff asshole biteme mustang corvette ferrari mercedes harley
	yankees cowboys eagles steelers lakers maverick phoenix tiger lion eagle snoopy mickey donald matrix gandalf merlin wizard`.split(
		/\s+/
	)
);
const ROWS = [
	'01234567890',
	'09876543210',
	'abcdefghijklmnopqrstuvwxyz',
	'qwertyuiop',
	'asdfghjkl',
	'zxcvbnm',
	'1qaz2wsx3edc4rfv5tgb',
	'qazwsxedcrfvtgb'
];
const LOOKALIKES: Record<string, string> = {
	'0': 'o',
	'1': 'i',
	'3': 'e',
	'4': 'a',
	'5': 's',
	'7': 't',
	'@': 'a',
	$: 's',
	'!': 'i'
};

/** Why a password is refused, as a sentence with the fix; null when it is fine. Any characters are welcome. */
export function passwordProblem(password: string, email: string): string | null {
	const length = [...password].length;
	if (length < PASSWORD_MIN) return `Use at least ${PASSWORD_MIN} characters. A short sentence works well.`;
	if (length > PASSWORD_MAX) return `Use at most ${PASSWORD_MAX} characters.`;
	const lower = password.toLowerCase();
	const [local = '', domain = ''] = email.toLowerCase().split('@');
	if (
		email &&
		(lower.includes(email.toLowerCase()) ||
			(local.length >= 4 && lower.includes(local) && length - local.length < PASSWORD_MIN))
	) {
		return 'Leave your e-mail address out of the password: it is the first thing that is guessed.';
	}
	const site = domain.split('.')[0] ?? '';
	if (isCommon(lower) || (site.length >= 4 && stripEnds(lower) === site))
		return 'This is among the passwords that are guessed first. Use a few words that do not belong together.';
	return null;
}

/** How hard a password that is not refused is to guess, in a word. */
export function passwordStrength(password: string): 'fair' | 'strong' {
	const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\d/, /[^\p{L}\d]/u].filter((kind) => kind.test(password)).length;
	const different = new Set(password).size;
	return different >= 8 && [...password].length >= 18 - 2 * kinds ? 'strong' : 'fair';
}

function isCommon(lower: string): boolean {
	const plain = spell(lower);
	const letters = [
		stripEnds(lower),
		stripEnds(plain),
		spell(stripEnds(lower)),
		plain.replace(/[^\p{L}]/gu, '')
	];
	if (letters.some((word) => word === '' || COMMON_WORDS.has(word) || COMMON_WORDS.has(halfOf(word))))
		return true;
	if (
		ROWS.some(
			(row) =>
				row.includes(lower) || (row + row).includes(lower) || [...row].reverse().join('').includes(lower)
		)
	)
		return true;
	return new Set(lower).size < 4 || halfOf(lower) !== lower;
}

function spell(word: string): string {
	return [...word].map((char) => LOOKALIKES[char] ?? char).join('');
}

/** The letters in the middle, without digits and signs at either end; '' for digits only. */
function stripEnds(word: string): string {
	return word.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
}

/** The piece a word repeats (`abcabcabc` is `abc`), else the word. */
function halfOf(word: string): string {
	const period = (word + word).indexOf(word, 1);
	return period > 0 && period < word.length ? word.slice(0, period) : word;
}
