/** An input event, as far as a form needs it; the linter's parser knows no type of a component's handler. */
export interface ValueEvent {
  readonly currentTarget: { readonly value: string };
}
