import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recognise } from '../../core/sentinel';

const draw = () => 'new';
const kept = { id: 'old', incarnation: 4 };

test('a browser that has nothing is new, and has lost nothing', () => {
  const known = recognise(undefined, undefined, undefined, draw);
  assert.deepEqual(known, { id: 'new', incarnation: 0, lost: [] });
});

test('three equal names are the same installation', () => {
  assert.deepEqual(recognise(kept, 'old', 'old', draw), { ...kept, lost: [] });
});

test('each store that was cleared is told, and begins another incarnation', () => {
  const lostCache = recognise(kept, undefined, 'old', draw);
  assert.deepEqual(lostCache, { id: 'new', incarnation: 5, lost: ['cache'] });
  assert.deepEqual(recognise(kept, 'old', undefined, draw).lost, ['page']);
  assert.deepEqual(recognise(kept, 'old', 'other', draw).lost, ['page']);
  assert.deepEqual(recognise(kept, undefined, undefined, draw).lost, ['cache', 'page']);
});

test('without the database its work is gone, whatever else is there', () => {
  assert.deepEqual(recognise(undefined, 'old', undefined, draw).lost, ['database']);
  assert.deepEqual(recognise(undefined, undefined, 'old', draw).lost, ['database']);
});
