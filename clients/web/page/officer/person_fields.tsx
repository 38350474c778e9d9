import { useRef } from 'preact/hooks';
import type { Choice } from '../data';
import { groupedIdNumber, looksLikeCard, readIdNumber } from '../parts/card';
import { isComposing } from '../parts/composition';
import { Checks, Chips, DateField, TextField } from '../parts/steady_fields';
import { replacePlace } from '../routes';
import { text } from '../text/text';
import { change, type PersonDraft } from './kept';
import type { Told } from './registering';

const t = text.register;

interface PersonFieldsProps {
  typed: PersonDraft;
  told: Told;
  genders: Choice[];
  isYoung: boolean;
  /** Whether a line is a card; then its fields are filled. */
  onCard(raw: string): boolean;
}

/** How long a scanner may pause between two letters. */
const scannerPause = 250;

/** What the number says and somebody typed otherwise. It only warns: papers are wrong, too. */
function numberWarning(typed: PersonDraft): string | undefined {
  const says = readIdNumber(typed.idNumber);
  if (says === null) return undefined;
  const year = Number(typed.birth.year);
  if (typed.birth.year.length === 4 && year !== says.year) return t.numberYear(says.year);
  const isKnown = typed.gender === 'male' || typed.gender === 'female';
  if (isKnown && typed.gender !== says.gender) return t.numberGender(says.gender);
  return undefined;
}

export function PersonFields({ typed, told, genders, isYoung, onCard }: PersonFieldsProps) {
  const timer = useRef(0);
  /** A card read into a text field: it is taken whole once the scanner has ended. */
  const orCard = (part: keyof PersonDraft) => (value: string) => {
    change({ [part]: value });
    clearTimeout(timer.current);
    if (!looksLikeCard(value)) return;
    timer.current = setTimeout(() => {
      if (onCard(value) && part !== 'name' && part !== 'idNumber') change({ [part]: '' });
    }, scannerPause) as unknown as number;
  };
  const leaveNumber = () => {
    if (!isComposing.value) change({ idNumber: groupedIdNumber(typed.idNumber) });
  };
  const somebodyElse = () => {
    change({ person: '', personName: '' });
    replacePlace('register', '');
  };
  if (typed.person !== '') {
    return (
      <section class="panel">
        <p>{t.known(typed.personName)}</p>
        <button type="button" onClick={somebodyElse}>
          {t.notKnown}
        </button>
      </section>
    );
  }
  return (
    <section class="panel">
      <h2>{t.person}</h2>
      <TextField
        label={t.name}
        name="name"
        value={typed.name}
        problem={told('name', typed.name === '')}
        onText={orCard('name')}
      />
      <DateField
        label={t.birth}
        value={typed.birth}
        hint={t.birthHint}
        problem={told('birth', false)}
        onDate={(birth) => change({ birth })}
      />
      {isYoung && (
        <Checks
          label={t.young}
          options={[{ word: 'young', name: t.youngYes }]}
          values={typed.isYoung ? ['young'] : []}
          onChange={(values) => change({ isYoung: values.length > 0 })}
        />
      )}
      <Chips
        label={t.gender}
        name="gender"
        options={genders}
        value={typed.gender}
        onChoose={(gender) => change({ gender })}
      />
      <TextField
        label={t.idNumber}
        name="id_number"
        optional
        inputMode="numeric"
        value={typed.idNumber}
        problem={told('id_number', false)}
        warning={numberWarning(typed)}
        onText={orCard('idNumber')}
        onLeave={leaveNumber}
      />
      <TextField
        label={t.phone}
        name="phone"
        optional
        inputMode="tel"
        value={typed.phone}
        problem={told('phone', false)}
        onText={orCard('phone')}
      />
    </section>
  );
}
