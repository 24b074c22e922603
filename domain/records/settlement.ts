import * as v from 'valibot';
import { defineRecord } from './definition.ts';
import * as field from './field-schemas.ts';

/** A village, town or outside place. What is not known is absent, never guessed. */
export const settlement = defineRecord({
  type: 'settlement',
  fields: {
    name: field.line,
    kind: field.oneOf(['town', 'urban_settlement', 'village', 'hamlet', 'settlement', 'outside']),
    municipality: field.line,
    aliases: field.list(field.line, 20),
    population: field.count,
    populationYear: field.count,
    access: field.list(field.oneOf(['winter_road', 'ice_crossing', 'river', 'air', 'rail', 'road']), 6),
    accessNote: field.line,
    latitude: v.pipe(v.number(), v.minValue(-90), v.maxValue(90)),
    longitude: v.pipe(v.number(), v.minValue(-180), v.maxValue(180)),
    oktmo: field.line,
    deletedAt: field.instant
  },
  required: ['name'],
  contested: ['name'],
  writers: ['coordinator', 'administrator'],
  streamsOf: () => ['reference']
});
