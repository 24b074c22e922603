import { readFileSync } from 'node:fs';
import { compile } from 'svelte/compiler';
import { expect, it } from 'vitest';

/** What the activist's page may use: phones there run Chrome 80. */
const shared = [
  'Button',
  'Checkbox',
  'CheckboxGroup',
  'ChoiceFrame',
  'ChoiceRow',
  'DateField',
  'FieldFrame',
  'Notice',
  'RadioGroup',
  'Select',
  'TextArea',
  'TextField',
  'ToneIcon'
];

/** CSS that Chrome 80 does not know and that has no fallback there: the browser drops the whole rule. */
const unknown =
  /:where\(|:is\(|:has\(|(?<!:not\():focus-visible|\binset:|aspect-ratio|[0-9]d[vs]?vh|@layer|@container|oklch|color-mix|&/;

function read(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
}

function scopedCss(name: string): string {
  const filename = `${name}.svelte`;
  const source = readFileSync(new URL(filename, import.meta.url), 'utf8');
  return (compile(source, { filename, css: 'external' }).css?.code ?? '').replace(/\/\*[\s\S]*?\*\//g, '');
}

function expectOldEnough(css: string) {
  expect(unknown.exec(css)?.[0]).toBeUndefined();
  const flexWithGap = [...css.matchAll(/\{([^{}]*)\}/g)].filter(
    ([, body = '']) => /display:\s*(inline-)?flex/.test(body) && /[\s;]gap:/.test(body)
  );
  expect(flexWithGap.map(([rule]) => rule)).toEqual([]);
}

it.each(shared)('%s has no rule that an old phone would drop', (name) => {
  expectOldEnough(scopedCss(name));
});

it.each(['tokens.css', 'base.css'])('%s has no rule that an old phone would drop', (name) => {
  expectOldEnough(read(name));
});

it('notices such a rule in a component of the desk', () => {
  expect(() => expectOldEnough(scopedCss('TableRow'))).toThrow();
  expect(() => expectOldEnough(scopedCss('IconLabel'))).toThrow();
});
