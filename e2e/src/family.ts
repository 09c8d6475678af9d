import { test as base } from '@playwright/test';
import { Api, type Session } from './api.ts';
import { Authority } from './authority.ts';
import { Line } from './line.ts';
import { Person, type Surroundings, displayName } from './person.ts';
import { Server, freePort } from './server.ts';

export { expect } from '@playwright/test';

/** People who share one circle on one server, each with an account; whoever arrives is signed in and looks at the circle. */
export class Family {
  private readonly here: Person[] = [];
  private readonly arrived = new Set<string>();

  private constructor(
    readonly server: Server,
    private readonly sessions: Map<string, Session>,
    private readonly circle: string,
  ) {}

  static readonly CIRCLE = 'Family';

  static async of(server: Server, names: string[]): Promise<Family> {
    const api = new Api(server.url);
    const sessions = new Map<string, Session>();
    for (const name of names) sessions.set(name, await api.register(name, displayName(name)));
    const [founder, ...others] = [...sessions.values()];
    const circle = await api.as(founder!).createCircle(Family.CIRCLE);
    for (const other of others) await api.as(other).accept(await api.as(founder!).invite(circle));
    return new Family(server, sessions, circle);
  }

  /** One more account in the circle, of someone who is not here. */
  async joins(name: string, shownAs: string): Promise<void> {
    const [founder] = [...this.sessions.values()];
    const api = new Api(this.server.url);
    const session = await api.register(name, shownAs);
    await api.as(session).accept(await api.as(founder!).invite(this.circle));
    this.sessions.set(name, session);
  }

  session(name: string): Session {
    return this.sessions.get(name)!;
  }

  /** The REST interface as this person. */
  api(person: Person | string): Api {
    return new Api(this.server.url).as(this.session(typeof person === 'string' ? person : person.name));
  }

  async arrives(name: string, surroundings: Surroundings = {}): Promise<Person> {
    const person = await Person.arrives(name, this.server.url, surroundings);
    this.here.push(person);
    // A sign-in link works once: who comes again, or with another device, gets another.
    if (this.arrived.has(name)) this.sessions.set(name, await new Api(this.server.url).login(name));
    this.arrived.add(name);
    await person.signsInAs(this.session(name), surroundings.query);
    await person.opensCircle(Family.CIRCLE);
    return person;
  }

  async leaves(): Promise<void> {
    await Promise.all(this.here.map((person) => person.leaves()));
  }
}

/** Settings of the server a file of tests runs against; each test has accounts and a database of its own. */
export const test = base.extend<{ settings: Record<string, string>; server: Server; line: Line; family: Family }>({
  settings: [{}, { option: true }],
  server: async ({ settings }, use) => {
    const server = await Server.start(settings);
    await use(server);
    await server.stop();
  },
  line: async ({ server }, use) => {
    const line = await Line.to(server.url);
    await use(line);
    line.close();
  },
  family: async ({ server }, use) => {
    const family = await Family.of(server, ['alice', 'bob', 'carol']);
    await use(family);
    await family.leaves();
  },
});

/** A server with a certificate that its guests' browsers trust, so that they may reach its relay over TLS. */
export const testOverTls = test.extend<{ authority: Authority }>({
  authority: async ({}, use) => {
    const authority = await Authority.found();
    await use(authority);
    await authority.closes();
  },
  settings: async ({ authority }, use) => {
    const { chain, key } = await authority.certifies('localhost');
    await use({ KITH_TLS_CERT: chain, KITH_TLS_KEY: key, KITH_TURN_TLS_PORT: String(await freePort()) });
  },
});
