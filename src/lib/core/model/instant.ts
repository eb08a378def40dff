const ISO_8601 =
  /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** Reads an instant in ISO 8601; a date alone is its first moment in UTC. Undefined for anything else. */
export function parseInstant(text: string): Date | undefined {
  if (!ISO_8601.test(text)) return undefined;
  const instant = new Date(text);
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}
