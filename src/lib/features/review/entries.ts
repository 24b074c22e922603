import { formatShortDay } from '#domain/names/format.ts';
import { shortName } from '#domain/names/person-name.ts';
import type { RecordRow } from '#domain/records/registry.ts';
import type { InboxItem } from '#domain/review/inbox.ts';
import { conflictName } from '$lib/features/differences/index.ts';
import type { Pair } from '$lib/features/look-alikes/index.ts';
import type { Desk } from '$lib/features/office/index.ts';
import { m } from '$lib/paraglide/messages.js';
import type { ReviewBoard } from './board.svelte.ts';

export const filters = ['open', 'new', 'differences', 'look_alikes', 'returned', 'changed', 'all'] as const;
export type Filter = (typeof filters)[number];

/** One line of the inbox. */
export type Entry = {
  readonly key: string;
  readonly title: string;
  readonly state: string;
  /** Corrected time of the latest change, UTC ms; 0 = none of its own. */
  readonly at: number;
} & (
  | { readonly kind: 'item'; readonly item: InboxItem }
  | { readonly kind: 'difference'; readonly conflict: RecordRow<'conflict'> }
  | { readonly kind: 'pair'; readonly pair: Pair }
);

/** Reads the filter from an address; anything unknown is everything that waits. */
export function toFilter(value: string | null): Filter {
  return filters.find((filter) => filter === value) ?? 'open';
}

/** The lines under a filter, newest first. */
export function entriesOf(desk: Desk, board: ReviewBoard, filter: Filter): readonly Entry[] {
  switch (filter) {
    case 'open':
      return newestFirst([
        ...toItems(desk, board.waiting),
        ...differences(desk, board.conflicts),
        ...pairs(board.pairs)
      ]);
    case 'new':
      return toItems(desk, byState(board, 'new'));
    case 'differences':
      return differences(desk, board.conflicts);
    case 'look_alikes':
      return pairs(board.pairs);
    case 'returned':
      return toItems(desk, byState(board, 'returned'));
    case 'changed':
      return toItems(desk, byState(board, 'changed_after_review'));
    case 'all':
      return toItems(desk, board.items);
  }
}

export function stateWord(state: InboxItem['review']['state']): string {
  switch (state) {
    case 'new':
      return m.office_state_new();
    case 'accepted':
      return m.state_accepted();
    case 'returned':
      return m.state_returned();
    case 'not_counted':
      return m.office_state_not_counted();
    case 'changed_after_review':
      return m.office_state_changed();
  }
}

/** Who recorded something: a worker, or whoever answered by a link. */
export function authorName(desk: Desk, author: string): string {
  return author === 'link' ? m.office_by_link() : desk.staffName(author);
}

/** «Лист · Шеркалы, 15.01»; what the sheet is of stands apart (`sheetEvent`). */
export function itemTitle(desk: Desk, item: Pick<InboxItem, 'type' | 'target'>): string {
  switch (item.type) {
    case 'sheet':
      return sheetTitle(desk, item.target);
    case 'consultation': {
      const values = desk.records.get('consultation', item.target)?.values ?? {};
      const who =
        desk.groupName(values.group) ||
        desk.organisationName(values.organisation) ||
        (values.person === undefined ? '' : desk.personName(values.person));
      const title =
        values.kind === 'service' ? m.office_service_of({ who }) : m.office_consultation_of({ who });
      return [title, day(desk, values.date)].filter(Boolean).join(', ');
    }
    case 'response': {
      const values = desk.records.get('response', item.target)?.values ?? {};
      return [m.office_response_of({ code: values.code ?? '' }), desk.settlementName(values.settlement)]
        .filter(Boolean)
        .join(' · ');
    }
  }
}

/** The event that a sheet is of: «Школа социального проектирования, занятие 1 из 3». */
export function sheetEvent(desk: Desk, id: string): string {
  const session = desk.records.get('session', id)?.values ?? {};
  const { event } = session;
  if (event === undefined) return '';
  const total = desk.records.byParent('session', event).length;
  const number =
    total > 1 && session.number !== undefined ? m.office_session_of({ number: session.number, total }) : '';
  return [desk.records.get('event', event)?.values.title ?? '', number].filter(Boolean).join(', ');
}

function sheetTitle(desk: Desk, id: string): string {
  const session = desk.records.get('session', id)?.values ?? {};
  const event = session.event === undefined ? {} : (desk.records.get('event', session.event)?.values ?? {});
  const place = desk.settlementName(event.settlement) || (session.venue ?? event.venue ?? '');
  const parts = [place, day(desk, session.date)].filter(Boolean);
  return parts.length === 0 ? m.office_sheet() : m.office_sheet_in({ place: parts.join(', ') });
}

/** The title in a list, where nothing else tells which sheet it is. */
function listTitle(desk: Desk, item: InboxItem): string {
  const event = item.type === 'sheet' ? sheetEvent(desk, item.target) : '';
  return [itemTitle(desk, item), event].filter(Boolean).join(' · ');
}

function day(desk: Desk, date: string | undefined): string {
  return date === undefined ? '' : formatShortDay(date, desk.language);
}

function byState(board: ReviewBoard, state: InboxItem['review']['state']): readonly InboxItem[] {
  return board.items.filter(({ review }) => review.state === state);
}

function toItems(desk: Desk, items: readonly InboxItem[]): readonly Entry[] {
  return items.map((item) => ({
    kind: 'item',
    key: `${item.type}~${item.target}`,
    title: listTitle(desk, item),
    state: stateWord(item.review.state),
    at: item.at,
    item
  }));
}

function differences(desk: Desk, conflicts: readonly RecordRow<'conflict'>[]): readonly Entry[] {
  return conflicts.map((conflict) => ({
    kind: 'difference',
    key: `conflict~${conflict.id}`,
    title: m.conflict_title({ name: conflictName(desk, conflict) }),
    state: m.office_state_decide(),
    at: conflict.values.at ?? 0,
    conflict
  }));
}

function pairs(found: readonly Pair[]): readonly Entry[] {
  return found.map((pair) => ({
    kind: 'pair',
    key: `pair~${pair.left.id}~${pair.right.id}`,
    title: m.office_pair_title({
      left: shortName(pair.left),
      right: shortName(pair.right)
    }),
    state: m.office_state_decide(),
    at: 0,
    pair
  }));
}

function newestFirst(entries: readonly Entry[]): readonly Entry[] {
  return [...entries].sort((left, right) => right.at - left.at);
}
