// What stands on a card and in its QR: read into fields, and nothing else of it is kept.

export interface CardPerson {
  idNumber: string;
  name: string;
  day: string;
  month: string;
  year: string;
  /** '' where the card says something else. */
  gender: '' | 'male' | 'female';
  /** For choosing the hamlet; it is not kept. */
  address: string;
}

/**
 * The fields are parted by "|": number, old number (may be empty), name, ddmmyyyy, sex, address, day
 * of issue. Cards of 07/2024 go on with data of relatives, which are dropped here. null: no card.
 */
export function readCard(raw: string): CardPerson | null {
  const fields = raw.normalize('NFC').split('|');
  const [idNumber = '', , name = '', birth = '', sex = '', address = ''] = fields.map((field) =>
    field.trim(),
  );
  if (fields.length < 6 || !/^\d{12}$/.test(idNumber) || !/^\d{8}$/.test(birth)) return null;
  const female = /^n[ữu]$/i.test(sex);
  return {
    idNumber,
    name,
    day: birth.slice(0, 2),
    month: birth.slice(2, 4),
    year: birth.slice(4),
    gender: female ? 'female' : /^nam$/i.test(sex) ? 'male' : '',
    address,
  };
}

/** Whether a typed or pasted text is a card on its way: scanners type letter by letter. */
export const looksLikeCard = (typed: string): boolean => typed.includes('|');

/** 001 1 90 012345: 3-1-2-6, as the number is read aloud. Other letters stay as they are. */
export function groupedIdNumber(typed: string): string {
  const digits = typed.replace(/[\s.]/g, '');
  if (!/^\d{1,12}$/.test(digits)) return typed;
  const parts = [digits.slice(0, 3), digits.slice(3, 4), digits.slice(4, 6), digits.slice(6)];
  return parts.filter((part) => part !== '').join(' ');
}

export interface NumberSays {
  gender: 'male' | 'female';
  year: number;
}

/** What a whole number says of its holder: the fourth digit holds century and sex. */
export function readIdNumber(typed: string): NumberSays | null {
  const digits = typed.replace(/[\s.]/g, '');
  if (!/^\d{12}$/.test(digits)) return null;
  const fourth = Number(digits[3]);
  const century = 1900 + 100 * Math.floor(fourth / 2);
  return {
    gender: fourth % 2 === 0 ? 'male' : 'female',
    year: century + Number(digits.slice(4, 6)),
  };
}

const plain = (name: string): string =>
  name.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/gi, 'd').toLowerCase();

/** The unit whose name the address has, the longest where one holds another; nothing if several. */
export function unitIn(
  address: string,
  units: readonly { id: string; name: string }[],
): string | undefined {
  const within = plain(address);
  const fitting = units.filter(({ name }) => within.includes(plain(name)));
  const isPart = (name: string) =>
    fitting.some((other) => other.name !== name && plain(other.name).includes(plain(name)));
  const whole = fitting.filter(({ name }) => !isPart(name));
  return whole.length === 1 ? whole[0]?.id : undefined;
}
