/** An instant as views carry it: ISO 8601 in UTC, or null. */
export const iso = (at: Date | null | undefined): string | null => at?.toISOString() ?? null;
