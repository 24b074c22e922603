/**
 * Reads JSON that this server wrote into its own database. The one place where storage trusts a shape without checking:
 * everything in those columns went through the parsers of the wire first.
 */
export function parseStored<Shape>(text: string): Shape {
  return JSON.parse(text) as Shape;
}
