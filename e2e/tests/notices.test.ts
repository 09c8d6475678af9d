import { type Family, expect, test } from '../src/family.ts';
import type { Person } from '../src/person.ts';

/** Runs in the page before the app: what the system would show is kept, and the person looks at something else. */
function lookAway(): void {
  window.notices = [];
  document.hasFocus = () => false;
  window.Notification = class {
    static permission = 'granted';
    static requestPermission = async () => 'granted';
    constructor(private readonly title: string) {
      window.notices.push(title);
    }
    close(): void {
      window.notices = window.notices.filter((title) => title !== this.title);
    }
  } as unknown as typeof Notification;
}

async function wishesToBeTold(family: Family): Promise<Person> {
  const bob = await family.arrives('bob', { scripts: [lookAway] });
  await bob.page.goto(`${family.server.url}/settings`);
  await bob.tap('notices');
  await expect(bob.page.getByTestId('notices')).toHaveAttribute('aria-checked', 'true');
  await bob.page.goto(`${family.server.url}/`);
  await bob.opensCircle('Family');
  return bob;
}

test('who looks at something else is told of a call, and that it was missed', async ({ family }) => {
  const [alice, bob] = await Promise.all([family.arrives('alice'), wishesToBeTold(family)]);
  const told = () => bob.page.evaluate(() => window.notices);

  await alice.calls(bob);
  await bob.isRungBy(alice);
  await expect.poll(told).toEqual(['Alice calls you']);
  await alice.cancels();

  await expect.poll(told).toEqual(['You missed a call from Alice']);
});

declare global {
  interface Window {
    notices: string[];
  }
}
