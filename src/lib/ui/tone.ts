/** What a message asks for: nothing, patience, a decision, nothing any more. */
export type Tone = 'info' | 'waiting' | 'decide' | 'done';
