import { readFileSync, writeFileSync } from 'node:fs';
import * as v from 'valibot';
import type { Figure } from './result.ts';

const baselinesFile = new URL('baselines.json', import.meta.url);
const readmeFile = new URL('../README.md', import.meta.url);
const tableStart = '<!-- figures: npm run bench -- --save -->\n';
const tableEnd = '<!-- /figures -->';

const figureSchema = v.strictObject({
  question: v.string(),
  ours: v.number(),
  unit: v.string(),
  target: v.exactOptional(v.number()),
  peer: v.exactOptional(v.string()),
  theirs: v.exactOptional(v.number())
});

/** What was measured last and kept, in the order in which it was asked. */
export function readBaselines(): readonly Figure[] {
  return v.parse(v.array(figureSchema), JSON.parse(readFileSync(baselinesFile, 'utf8')));
}

/** Keeps new figures in place of the old ones of the same question and peer, and writes the table of README from all. */
export function saveBaselines(measured: readonly Figure[]): void {
  const kept = mergeFigures(readBaselines(), measured);
  writeFileSync(baselinesFile, `${JSON.stringify(kept, undefined, 2)}\n`);
  const readme = readFileSync(readmeFile, 'utf8');
  const [before, rest] = readme.split(tableStart);
  const after = rest?.split(tableEnd)[1];
  if (before === undefined || after === undefined) throw new Error(`README.md has no ${tableStart.trim()}`);
  writeFileSync(readmeFile, `${before}${tableStart}\n${figuresTable(kept)}\n${tableEnd}${after}`);
}

export function mergeFigures(kept: readonly Figure[], measured: readonly Figure[]): readonly Figure[] {
  const fresh = new Map(measured.map((figure) => [keyOf(figure), figure]));
  const renewed = kept.map((figure) => fresh.get(keyOf(figure)) ?? figure);
  const known = new Set(kept.map(keyOf));
  return [...renewed, ...measured.filter((figure) => !known.has(keyOf(figure)))];
}

/**
 * A table in Markdown, a line a question: what was measured, what was to be reached, what others take. What only explains
 * another figure, with neither, stands in the baselines alone.
 */
export function figuresTable(figures: readonly Figure[]): string {
  const judged = figures.filter(({ target, peer }) => target !== undefined || peer !== undefined);
  const questions = [...new Set(judged.map(({ question }) => question))];
  const lines = questions.map((question) => {
    const asked = figures.filter((figure) => figure.question === question);
    const [first] = asked;
    if (first === undefined) return '';
    const own = asked.find(({ peer }) => peer === undefined) ?? first;
    const others = asked.flatMap((figure) => (figure.peer === undefined ? [] : [besides(figure, own)]));
    const wanted = own.target === undefined ? '' : `${own.target} ${own.unit}${missed(own)}`;
    return `| ${question} | ${own.ours} ${own.unit} | ${wanted} | ${others.join('; ')} |`;
  });
  return ['| question | measured | at most | others |', '| --- | --- | --- | --- |', ...lines, ''].join('\n');
}

/** What a peer takes; where more was wanted against it than against nobody, what that was. */
function besides(figure: Figure, own: Figure): string {
  const { peer, theirs, unit, target } = figure;
  const wanted =
    figure === own || target === undefined ? '' : ` (wanted: ${target} ${unit}${missed(figure)})`;
  return `${peer}: ${theirs} ${unit}${wanted}`;
}

function missed({ ours, target }: Figure): string {
  return target !== undefined && ours > target ? ', not met' : '';
}

/** What the same question gave when it was kept. */
export function baselineOf(figure: Figure, kept: readonly Figure[]): number | undefined {
  return kept.find((one) => keyOf(one) === keyOf(figure))?.ours;
}

function keyOf({ question, peer }: Figure): string {
  return `${question} ${peer ?? ''}`;
}
