import { expect, test } from '../src/family.ts';
import type { Person } from '../src/person.ts';
import { talk } from '../src/person.ts';

async function wordsAt(person: Person): Promise<string> {
  await person.tap('call-who');
  const words = person.page.getByTestId('safety-words');
  await expect(words).toHaveText(/^([a-z]{3,9} ){7}[a-z]{3,9}$/);
  await expect(person.page.getByTestId('call-details')).toContainText('nobody is in between');
  return words.innerText();
}

test('Chromium and Firefox show the same safety words, which are others in the next call', async ({ family }) => {
  const alice = await family.arrives('alice');
  const bob = await family.arrives('bob', { kind: 'firefox' });

  await talk(alice, bob);
  const words = await wordsAt(alice);
  expect(await wordsAt(bob)).toBe(words);

  await alice.hangsUp();
  await bob.isBackInCircle();
  await alice.isBackInCircle();
  await talk(bob, alice);
  const others = await wordsAt(bob);
  expect(await wordsAt(alice)).toBe(others);
  expect(others).not.toBe(words);
});
