import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forPeople, groupName, type Cycle } from '../../page/data';

const cycle = (id: string, ...groups: string[]): Cycle => ({
  id,
  label: '2026',
  title: '',
  title_name: '',
  registration: ['', ''],
  groups: groups.map((word) => ({ word, name: word })),
});

// Families, clans and units have one group, "none": nobody who registers a person may be asked to
// choose among their rounds.
test('rounds of families and units are not offered where a person is registered', () => {
  const cycles = [cycle('1.1', 'none'), cycle('1.2', 'farmer_rural', 'student'), cycle('1.3')];
  assert.deepEqual(
    forPeople(cycles).map(({ id }) => id),
    ['1.2'],
  );
});

test('rows of families and clans are told apart by their titles', () => {
  const name = (group: string, title_name: string) =>
    groupName({ group, group_name: group === 'none' ? 'tập thể' : 'nông dân', title_name });
  assert.equal(name('none', 'Gia đình học tập'), 'Gia đình học tập');
  assert.equal(name('none', 'Dòng họ học tập'), 'Dòng họ học tập');
  assert.equal(name('farmer_rural', 'Công dân học tập'), 'nông dân');
});
