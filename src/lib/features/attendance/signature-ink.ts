/** One stroke: points in the pad's own pixels. */
export type Stroke = readonly (readonly [x: number, y: number])[];

/** A signature is sent whole with its mark, so it stays this small, bytes of SVG. */
const maxInkBytes = 8_000;
/** Points nearer than this to the last one say nothing new, pixels. */
const nearestPx = 1.5;
/** More are no signature; as single dots they still fit. */
const mostStrokes = 400;

/**
 * Strokes as an SVG document of at most {@link maxInkBytes} bytes: points are thinned until it fits. Coordinates are
 * whole pixels, each after the first relative to the one before.
 */
export function strokesToSvg(strokes: readonly Stroke[], width: number, height: number): string {
  for (let nearest = nearestPx; ; nearest *= 1.5) {
    const path = strokes
      .slice(0, mostStrokes)
      .map((stroke) => strokeToPath(thin(stroke, nearest)))
      .join('');
    const svg =
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${Math.round(width)} ${Math.round(height)}">` +
      `<path d="${path}" fill="none" stroke="#000" stroke-width="2" stroke-linecap="round"/></svg>`;
    if (svg.length <= maxInkBytes) return svg;
  }
}

function thin(stroke: Stroke, nearest: number): Stroke {
  const kept: (readonly [number, number])[] = [];
  for (const [index, point] of stroke.entries()) {
    const last = kept.at(-1);
    const far = last === undefined || Math.hypot(point[0] - last[0], point[1] - last[1]) >= nearest;
    if (far || (index === stroke.length - 1 && nearest < 50)) kept.push(point);
  }
  return nearest > 200 ? kept.slice(0, 1) : kept;
}

function strokeToPath(stroke: Stroke): string {
  const [first, ...rest] = stroke.map(([x, y]) => [Math.round(x), Math.round(y)] as const);
  if (first === undefined) return '';
  let [fromX, fromY] = first;
  const steps = rest.map(([x, y]) => {
    const step = `l${x - fromX} ${y - fromY}`;
    [fromX, fromY] = [x, y];
    return step;
  });
  // A single touch is a dot.
  return `M${first[0]} ${first[1]}${steps.length === 0 ? 'l0 1' : steps.join('')}`;
}
