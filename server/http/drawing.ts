const value = String.raw`[A-Za-z0-9 #.,+-]*`;
const names = 'viewBox|width|height|fill|stroke|stroke-width|stroke-linecap|stroke-linejoin|d';
const attribute = String.raw`\s+(?:xmlns="http://www\.w3\.org/2000/svg"|(?:${names})="${value}")`;
const path = String.raw`<path(?:${attribute})*\s*(?:/>|>\s*</path>)`;
const drawing = new RegExp(String.raw`^<svg(?:${attribute})*\s*>(?:\s*${path})*\s*</svg>\s*$`);

/** Whether an SVG is nothing but paths: no script, style, link, text or entity can be in it. */
export function isPlainDrawing(svg: string): boolean {
  return drawing.test(svg);
}
