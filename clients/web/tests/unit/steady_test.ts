import assert from 'node:assert/strict';
import { test } from 'node:test';
import { h } from 'preact';
import { showsSame } from '../../page/parts/steady';

test('props show the same when their values do, however often they were made anew', () => {
  const props = () => ({ label: 'Năm', value: { day: '', year: '1990' }, onDate: () => undefined });
  assert.equal(showsSame(props(), props()), true);
  assert.equal(showsSame(props(), { ...props(), value: { day: '', year: '199' } }), false);
  assert.equal(showsSame({ options: [{ word: 'a' }] }, { options: [{ word: 'a' }] }), true);
  assert.equal(showsSame({ options: [{ word: 'a' }] }, { options: [{ word: 'b' }] }), false);
  assert.equal(showsSame({ options: ['a'] }, { options: ['a', 'b'] }), false);
});

test('what comes, goes or begins to call shows something else', () => {
  assert.equal(showsSame({ problem: undefined }, {}), false);
  assert.equal(showsSame({ problem: undefined }, { problem: '' }), false);
  assert.equal(showsSame({ onLeave: undefined }, { onLeave: () => undefined }), false);
});

test('nodes of the page are compared by themselves', () => {
  const node = h('p', null, 'a');
  assert.equal(showsSame({ after: node }, { after: node }), true);
  assert.equal(showsSame({ after: node }, { after: h('p', null, 'a') }), false);
});
