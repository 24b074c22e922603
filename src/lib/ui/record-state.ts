/** States of a record as a person sees them; how they come about is known to the screens. */
export type RecordState = 'draft' | 'here' | 'sending' | 'delivered' | 'accepted' | 'returned' | 'attention';

/** The kind of device that holds a record which is not sent yet. */
export type Place = 'tablet' | 'phone' | 'computer';
