// The words of the page in its other language, for whoever leads through it in Vietnamese.

import { en } from '../../page/text/en';
import { vi } from '../../page/text/vi';

interface Pair {
  vi: string;
  en: string;
}

/** What texts that are made of numbers and names come to, for some of these. */
const samples: unknown[][] = [[1], ['1'], ['Nà Tấu'], [''], [90], ['1', '2'], [1, 2]];

function* pairsOf(left: unknown, right: unknown): Generator<Pair> {
  if (typeof left === 'string' && typeof right === 'string') {
    yield { vi: left, en: right };
  } else if (typeof left === 'function' && typeof right === 'function') {
    for (const given of samples) {
      try {
        yield* pairsOf(left(...given), right(...given));
      } catch {
        // It wants something else.
      }
    }
  } else if (typeof left === 'object' && left !== null) {
    for (const [name, inner] of Object.entries(left)) {
      yield* pairsOf(inner, (right as Record<string, unknown>)[name]);
    }
  }
}

const pairs = [...pairsOf(vi, en)].filter((pair) => pair.vi.length > 1);
const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
const plain = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const withAny = (text: string): RegExp => new RegExp(plain(text).replace(/\d+/g, '.+'));

/** The same in English; what the module says is Vietnamese there, too. */
export function inEnglish(words: string | RegExp): string | RegExp {
  if (words instanceof RegExp) {
    const found = pairs.find((pair) => words.test(pair.vi));
    return found === undefined ? words : withAny(found.en);
  }
  const exact = pairs.flatMap((pair) => {
    if (pair.vi === words) return [pair.en];
    return capital(pair.vi) === words ? [capital(pair.en)] : [];
  });
  const different = [...new Set(exact)];
  if (different.length === 1) return different[0] as string;
  // One word here, several there.
  if (different.length > 1) {
    return new RegExp(`^\\s*(?:${different.map(plain).join('|')})\\s*$`, 'u');
  }
  const part = pairs.find((pair) => pair.vi.startsWith(words));
  return part === undefined ? words : withAny(part.en);
}
