import { Api } from '../src/api.ts';
import { expect, test } from '../src/family.ts';
import { Person } from '../src/person.ts';

const PASSWORD = 'a passphrase of some length';

async function signsUp(person: Person, displayName: string): Promise<void> {
  await person.page.getByTestId('sign-up-display-name').fill(displayName);
  await person.page.getByTestId('sign-up-username').fill(person.name);
  await person.page.getByTestId('sign-up-password').fill(PASSWORD);
  await person.tap('sign-up-submit');
}

test('a first account, a circle, an invite, and the two see each other online', async ({ server }) => {
  const alice = await Person.arrives('alice', server.url);
  const bob = await Person.arrives('bob', server.url);
  try {
    await alice.page.goto(server.url);
    await alice.tap('go-to-sign-up');
    await signsUp(alice, 'Alice');
    await expect(alice.page.getByTestId('circles-empty')).toBeVisible();
    await alice.page.getByTestId('circle-create').first().click();
    await alice.page.getByTestId('circle-create-name').fill('Book club');
    await alice.tap('circle-create-submit');
    await expect(alice.page.getByTestId('circle-empty')).toBeVisible();
    await alice.tap('circle-invite');
    const link = await alice.page.getByTestId('invite-url').textContent();
    expect(link).toContain(`${server.url}/i/`);
    await alice.tap('invite-done');

    await bob.page.goto(link!);
    await bob.reads(/Alice invites you/);
    await bob.reads(/Book club/);
    await signsUp(bob, 'Bob');
    await bob.tap('invite-accept');
    await bob.seesStatusOf('alice', /online/i);
    await alice.seesStatusOf('bob', /online/i);

    await bob.page.reload();
    await bob.seesStatusOf('alice', /online/i);
  } finally {
    await alice.leaves();
    await bob.leaves();
  }
});

test('a wrong password is said so, and the right one signs in', async ({ server }) => {
  await new Api(server.url).register('alice', 'Alice');
  const alice = await Person.arrives('alice', server.url);
  try {
    await alice.page.goto(server.url);
    await alice.page.getByTestId('sign-in-username').fill('alice');
    await alice.page.getByTestId('sign-in-password').fill('not it at all');
    await alice.tap('sign-in-submit');
    await expect(alice.page.getByTestId('sign-in-error')).toBeVisible();

    await alice.page.getByTestId('sign-in-password').fill('the long passphrase of alice');
    await alice.tap('sign-in-submit');
    await expect(alice.page.getByTestId('circles-screen')).toBeVisible();
  } finally {
    await alice.leaves();
  }
});

test('whoever leaves a circle is no longer called from it', async ({ family }) => {
  const alice = await family.arrives('alice');
  const bob = await family.arrives('bob');
  await alice.seesStatusOf('bob', /online/i);

  await bob.tap('circle-leave');
  await bob.tap('confirm');

  await expect(bob.page.getByTestId('circles-empty')).toBeVisible();
  await alice.page.reload();
  await expect(alice.page.getByTestId('member-carol')).toBeVisible();
  await expect(alice.page.getByTestId('member-bob')).toHaveCount(0);
});

test('a page whose script cannot be loaded says so, and leads back', async ({ family }) => {
  const alice = await family.arrives('alice', { viewport: { width: 1280, height: 900 } });
  await alice.page.route(/SettingsScreen/, (script) => script.abort());

  await alice.tap('settings-open');

  await expect(alice.page.getByTestId('not-loaded')).toContainText('Load the page anew');
  await alice.tap('circle-Family');
  await expect(alice.page.getByTestId('member-bob')).toBeVisible();
});
