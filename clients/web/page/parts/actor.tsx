import { chosenActor, devicePeople } from '../asking';
import type { DevicePerson } from '../data';
import { text } from '../text/text';
import { Select } from './fields';

const called = ({ name, roles }: DevicePerson): string => {
  const held = roles.filter((role) => !role.ended).map((role) => role.role_name);
  return held.length > 0 ? `${name} – ${held.join(', ')}` : name;
};

/** In whose name it is recorded, on a device of several people. `judged`: whom the rules let. */
export function ActorField({ judged }: { judged: string | undefined }) {
  const people = devicePeople();
  if (people.length < 2) return null;
  const found = people.find(({ id }) => id === judged);
  const hint =
    chosenActor.value === '' && found !== undefined ? text.actsAs(called(found)) : undefined;
  return (
    <Select
      label={text.actor}
      name="actor"
      nothing={text.actorByRules}
      options={people.map((person) => ({ word: person.id, name: called(person) }))}
      value={chosenActor.value}
      hint={hint}
      onChoose={(id) => (chosenActor.value = id)}
    />
  );
}
