import { type Family, expect, test } from '../src/family.ts';
import { GuideClient } from '../src/guideClient.ts';
import { historyOf } from '../src/person.ts';

const SDP = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n';
const CANDIDATE = 'candidate:1 1 udp 2122260223 127.0.0.1 50000 typ host';

async function twoGuideClients(family: Family): Promise<[GuideClient, GuideClient]> {
  return [
    await GuideClient.connects(family.server.url, family.session('alice')),
    await GuideClient.connects(family.server.url, family.session('bob')),
  ];
}

test('the five bare messages make a call', async ({ family }) => {
  const [alice, bob] = await twoGuideClients(family);

  alice.offers(bob, SDP);
  const offer = await bob.hears('call-offer');
  expect(offer).toMatchObject({ from: alice.session.user.id, name: 'Alice', offer: { type: 'offer', sdp: SDP } });

  bob.answers(alice, SDP);
  expect(await alice.hears('call-answer')).toMatchObject({
    from: bob.session.user.id,
    answer: { type: 'answer', sdp: SDP },
  });

  alice.sendsCandidate(bob, CANDIDATE);
  expect(await bob.hears('ice-candidate')).toMatchObject({ candidate: { candidate: CANDIDATE } });
  bob.sendsCandidate(alice, CANDIDATE);
  expect(await alice.hears('ice-candidate')).toMatchObject({ candidate: { candidate: CANDIDATE } });

  bob.ends(alice);
  expect(await alice.hears('end-call')).toMatchObject({ reason: 'completed' });
  expect((await historyOf(family.api('alice'), 1))[0]).toMatchObject({ reason: 'completed' });
  expect((await historyOf(family.api('bob'), 1))[0]).toMatchObject({ reason: 'completed' });
  alice.leaves();
  bob.leaves();
});

test('the bare decline ends the call for the caller', async ({ family }) => {
  const [alice, bob] = await twoGuideClients(family);

  alice.offers(bob, SDP);
  await bob.hears('call-offer');
  bob.declines(alice);

  expect(await alice.hears('call-decline')).toMatchObject({ from: bob.session.user.id });
  alice.leaves();
  bob.leaves();
});

test('who sends nonsense hears why, and stays connected', async ({ family }) => {
  const [alice, bob] = await twoGuideClients(family);

  alice.offers(bob, 'x'.repeat(1_000_000));
  expect(await alice.hears('error')).toMatchObject({ error: { code: 'too_large' } });

  alice.offers(bob, SDP);
  await bob.hears('call-offer');
  alice.leaves();
  bob.leaves();
});
