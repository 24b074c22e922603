import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

/** Custom properties of the first block that opens with this selector line. */
function tokensOf(opening: string): Map<string, string> {
  const from = css.indexOf(opening);
  if (from < 0) throw new Error(`no block ${opening}`);
  const body = css.slice(from + opening.length, css.indexOf('}', from));
  return new Map(
    [...body.matchAll(/--([\w-]+):\s*([^;]+);/g)].map(([, name = '', value = '']) => [name, value.trim()])
  );
}

const light = tokensOf(':root {');
const dark = tokensOf(":root[data-theme='dark'] {");
const sun = tokensOf(":root[data-theme='sun'] {");
const print = tokensOf(':root:root:root {');
const themes = Object.entries({
  light,
  dark: new Map([...light, ...dark]),
  sun: new Map([...light, ...sun])
});

function value(theme: Map<string, string>, name: string): string {
  const found = theme.get(name);
  if (found === undefined) throw new Error(`no token --${name}`);
  return found;
}

function luminance(hex: string): number {
  const channels = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255);
  const [r = 0, g = 0, b = 0] = channels.map((c) =>
    c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  );
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [dim = 0, bright = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (bright + 0.05) / (dim + 0.05);
}

function lightness(hex: string): number {
  const y = luminance(hex);
  return y > 0.008856 ? 116 * Math.cbrt(y) - 16 : 903.3 * y;
}

const grounds = ['ground', 'surface', 'sunken'];
const washes = ['river-wash', 'rowan-wash', 'pine-wash', 'amber-wash'];
const text: [string, string][] = [
  ...[...grounds, ...washes].map((ground): [string, string] => ['ink', ground]),
  ...grounds.map((ground): [string, string] => ['soft', ground]),
  ...['ground', 'surface', 'river-wash'].map((ground): [string, string] => ['river', ground]),
  ...['ground', 'surface', 'rowan-wash'].map((ground): [string, string] => ['rowan', ground]),
  ...['ground', 'surface', 'pine-wash'].map((ground): [string, string] => ['pine', ground]),
  ['amber-on', 'amber'],
  ['rowan-on', 'rowan']
];
const solids: [string, string][] = [
  ['river-on', 'river'],
  ['river-on', 'river-press'],
  ['rowan-on', 'rowan-press']
];
const shapes: [string, string][] = [
  ...grounds.map((ground): [string, string] => ['edge', ground]),
  ...grounds.map((ground): [string, string] => ['focus', ground]),
  ['amber-edge', 'surface']
];

describe.each(themes)('theme %s', (_name, theme) => {
  it.each([...text, ...solids])('shows %s on %s at 7:1 or better', (front, back) => {
    expect(contrast(value(theme, front), value(theme, back))).toBeGreaterThanOrEqual(7);
  });

  it.each(shapes)('shows the outline %s on %s at 3:1 or better', (front, back) => {
    expect(contrast(value(theme, front), value(theme, back))).toBeGreaterThanOrEqual(3);
  });

  it('tells «нужно решить» from «доставлено» by lightness alone', () => {
    const decide = lightness(value(theme, 'rowan'));
    const done = lightness(value(theme, 'pine-wash'));
    expect(Math.abs(decide - done)).toBeGreaterThanOrEqual(30);
  });
});

it.each(text)('prints %s on %s at 7:1 or better', (front, back) => {
  const paper = new Map([...light, ...print]);
  expect(contrast(value(paper, front), value(paper, back))).toBeGreaterThanOrEqual(7);
});

describe('sizes', () => {
  it('keeps targets of the field at 48 px, marks at 56 px and rows of the desk at 32 px', () => {
    expect(value(light, 'target')).toBe('48px');
    expect(value(light, 'target-mark')).toBe('56px');
    expect(value(light, 'target-row')).toBe('32px');
    expect(value(light, 'control')).toBe('var(--target)');
  });

  it('keeps every control of the desk above the 24 px of WCAG 2.2', () => {
    const desk = tokensOf(":root[data-surface='desk'] {");
    expect(parseInt(value(desk, 'control'), 10)).toBeGreaterThanOrEqual(24);
  });

  it('keeps space on a grid of 4 px', () => {
    const spaces = [...light].filter(([name]) => name.startsWith('space-'));
    expect(spaces.length).toBeGreaterThan(5);
    for (const [, size] of spaces) expect(parseInt(size, 10) % 4).toBe(0);
  });
});

it('shows the same dark whether the device prefers it or a person chose it', () => {
  expect(tokensOf(':root:not([data-theme]) {')).toEqual(dark);
});

it('gives each theme every colour of the light one', () => {
  const colours = [...light].filter(([, value]) => value.startsWith('#')).map(([name]) => name);
  for (const name of colours) {
    expect(dark.has(name), `dark --${name}`).toBe(true);
    expect(sun.has(name), `sun --${name}`).toBe(true);
  }
});
