const latinKeys = '`qwertyuiop[]asdfghjkl;\'zxcvbnm,.~QWERTYUIOP{}ASDFGHJKL:"ZXCVBNM<>';
const russianKeys = 'ёйцукенгшщзхъфывапролджэячсмитьбюЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ';

const toRussian = new Map(Array.from(latinKeys, (key, position) => [key, russianKeys.charAt(position)]));
const toLatin = new Map(Array.from(russianKeys, (key, position) => [key, latinKeys.charAt(position)]));

/** What the same keys would have typed in the other layout: «Bdfyjd» is «Иванов», «Шьзгды» is «Impuls». */
export function keyboardVariants(text: string): readonly string[] {
  const variants = [];
  if (/[a-z]/i.test(text)) variants.push(retype(text, toRussian));
  if (/[а-яё]/i.test(text)) variants.push(retype(text, toLatin));
  return variants;
}

function retype(text: string, keys: ReadonlyMap<string, string>): string {
  return Array.from(text, (key) => keys.get(key) ?? key).join('');
}
