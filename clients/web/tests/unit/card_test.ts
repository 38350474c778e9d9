import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupedIdNumber, readCard, readIdNumber, unitIn } from '../../page/parts/card';

const card =
  '011090123456|041234567|Lò Thị Ánh|12031990|Nữ|Bản Nà Tấu, Xã Nà Tấu, Điện Biên|01072021';

test('a card gives the fields of its holder', () => {
  assert.deepEqual(readCard(card), {
    idNumber: '011090123456',
    name: 'Lò Thị Ánh',
    day: '12',
    month: '03',
    year: '1990',
    gender: 'female',
    address: 'Bản Nà Tấu, Xã Nà Tấu, Điện Biên',
  });
});

// Those who never had an old number have an empty field there.
test('a card without an old number is read, and one that a scanner composed in parts', () => {
  assert.equal(readCard(card.replace('041234567', ''))?.name, 'Lò Thị Ánh');
  assert.equal(readCard(card.normalize('NFD'))?.name, 'Lò Thị Ánh'.normalize('NFC'));
});

// Cards of July 2024 carry parents and spouse behind; nobody has agreed for them.
test('what a newer card says of relatives is dropped', () => {
  const read = readCard(`${card}||Lò Văn Cha|Quàng Thị Mẹ|001070000001`);
  assert.equal(JSON.stringify(read).includes('Cha'), false);
  assert.equal(read?.name, 'Lò Thị Ánh');
});

test('other texts are no cards', () => {
  for (const other of ['', 'Lò Thị Ánh', 'a|b|c|d|e|f', '011090123456|x|Lò|1990|Nữ|Bản']) {
    assert.equal(readCard(other), null, other);
  }
});

test('a number is grouped as it is read aloud, and other letters stay', () => {
  assert.equal(groupedIdNumber('011090123456'), '011 0 90 123456');
  assert.equal(groupedIdNumber('0110'), '011 0');
  assert.equal(groupedIdNumber('0110x'), '0110x');
  assert.equal(groupedIdNumber('0110901234567'), '0110901234567');
});

test('a number says the year and the gender of its holder', () => {
  assert.deepEqual(readIdNumber('011 1 90 123456'), { gender: 'female', year: 1990 });
  assert.deepEqual(readIdNumber('011205123456'), { gender: 'male', year: 2005 });
  assert.equal(readIdNumber('0112'), null);
});

test('an address names a hamlet when exactly one fits', () => {
  const units = [
    { id: '2.3', name: 'Bản Nà Tấu' },
    { id: '2.4', name: 'Bản Nà' },
    { id: '2.5', name: 'Bản Xôm' },
  ];
  assert.equal(unitIn('bản xôm, Nà Tấu', units), '2.5');
  assert.equal(unitIn('Bản Nà Tấu', units), '2.3');
  assert.equal(unitIn('Bản Nà, gần Bản Xôm', units), undefined);
  assert.equal(unitIn('Hà Nội', units), undefined);
});
