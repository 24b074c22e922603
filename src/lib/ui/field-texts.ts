/** What every field says about itself. */
export interface FieldTexts {
  label: string;
  /** How to answer, always visible. */
  hint?: string | undefined;
  /** What is wrong and what to do; shown above the control and read aloud at once. */
  error?: string | undefined;
  /** Says «необязательно» after the label: fields are required unless they say otherwise. */
  optional?: boolean;
}
