/** Prints a line for the administrator. */
export type Say = (line: string) => void;
