/** Lists of who has a word, one for each place where a word may stand (surname, name, …), looked up by the word's beginning. */
export interface WordLists<Owner> {
  put(place: number, word: string, owner: Owner): void;
  remove(place: number, word: string, owner: Owner): void;
  /** Words of a place that begin so, with their owners. */
  beginning(place: number, text: string): Iterable<readonly [word: string, owners: ReadonlySet<Owner>]>;
  /** How many owners a look through all places would meet. */
  countBeginning(places: Iterable<number>, text: string): number;
}

/** Words of one first letter are looked through one by one: there are hundreds of them, while owners are thousands. */
export function createWordLists<Owner>(): WordLists<Owner> {
  const lists = new Map<string, Map<string, Set<Owner>>>();
  const bucketName = (place: number, text: string): string => `${place}${text.charAt(0)}`;

  function* beginning(place: number, text: string): Iterable<readonly [string, ReadonlySet<Owner>]> {
    for (const entry of lists.get(bucketName(place, text)) ?? []) if (entry[0].startsWith(text)) yield entry;
  }

  return {
    put: (place, word, owner) => {
      const name = bucketName(place, word);
      const bucket = lists.get(name) ?? new Map<string, Set<Owner>>();
      lists.set(name, bucket);
      const owners = bucket.get(word);
      if (owners === undefined) bucket.set(word, new Set([owner]));
      else owners.add(owner);
    },
    remove: (place, word, owner) => {
      const bucket = lists.get(bucketName(place, word));
      const owners = bucket?.get(word);
      owners?.delete(owner);
      if (owners?.size === 0) bucket?.delete(word);
    },
    beginning,
    countBeginning: (places, text) => {
      let count = 0;
      for (const place of places) for (const [, owners] of beginning(place, text)) count += owners.size;
      return count;
    }
  };
}
