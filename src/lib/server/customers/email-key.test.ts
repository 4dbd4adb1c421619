import { expect, test } from 'vitest';
import { emailKey } from './email-key.ts';

test.each([
	['  Maria@Shop.Test ', 'maria@shop.test'],
	['a.b+c@mail.co.uk', 'a.b+c@mail.co.uk'],
	['x1y2z3@marketplace.amazon.com', null],
	['x1y2z3@marketplace.amazon.co.uk', null],
	['7F3A@relay.walmart.com', null],
	['nocxemail@walmartone.com', null],
	['abc@privaterelay.appleid.com', null],
	['no-reply@shop.test', null],
	['none@none.test', null],
	['not an address', null],
	['', null],
	[null, null]
])('F33: %s', (given, key) => {
	expect(emailKey(given)).toBe(key);
});
