/** The key pressed for a shortcut, in lower case; null while someone types, or holds Ctrl, Alt or Meta. */
export function plainKey(event: KeyboardEvent): string | null {
	if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return null;
	const target = event.target as Element | null;
	if (target?.closest('input, textarea, select, [contenteditable], [role="dialog"], [role="menu"]'))
		return null;
	return event.key.length === 1 ? event.key.toLowerCase() : event.key;
}
