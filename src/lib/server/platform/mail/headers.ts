import type { Mail } from '../mail.ts';

/** Headers beyond those of every mail. */
export function headersOf({ unsubscribe }: Mail): Record<string, string> {
	return unsubscribe ? { 'List-Unsubscribe': `<${unsubscribe}>` } : {};
}
