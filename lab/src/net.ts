import { Host } from './host.ts';
import { type Conditions, type End, Link } from './link.ts';

/**
 * How a home reaches the internet.
 *
 * `cone` keeps the source port, so every destination sees the same address and port (endpoint-independent mapping,
 * RFC 4787 section 4.1), and lets in only answers (address and port-dependent filtering, section 5). `symmetric` takes
 * another random port for each destination (address and port-dependent mapping).
 */
export interface Access {
  nat: 'cone' | 'symmetric';
  /** Drops every datagram on its way out, as some offices do. */
  udp?: 'blocked';
  link?: Conditions;
}

/** Where someone lives: one way to the internet, or two between which a phone may change. */
export interface Living {
  wifi: Access;
  mobile?: Access;
}

// Documentation addresses (RFC 5737) for what is public: there is nobody behind them anywhere.
export const SERVER = '203.0.113.10';
const INTERNET = '203.0.113.1';

/** One way from a home to the internet: the home's interface, a router with its NAT, and the link beyond it. */
export class Uplink {
  constructor(
    readonly device: string,
    readonly router: Host,
    readonly link: Link,
    private readonly internet: End,
    public publicAddress: string,
    readonly address: string,
    private readonly gateway: string,
  ) {}

  async carries(home: Host): Promise<void> {
    await home.shell(`
      ip addr add ${this.address}/24 dev ${this.device}
      ip link set ${this.device} up
      ip route replace default via ${this.gateway} dev ${this.device}`);
  }

  /**
   * The interface goes, with its address, as when a phone leaves a network. Were the address to stay, a browser that looks
   * only when the other network is there already would see nothing that changed.
   */
  async isLeft(home: Host): Promise<void> {
    await home.shell(`
      ip addr flush dev ${this.device}
      ip link set ${this.device} down`);
  }

  /**
   * The provider gives the router another address, as some do each night. It knows nothing then of what it carried before,
   * and nobody behind it is told.
   */
  async getsAnotherAddress(): Promise<void> {
    const before = this.publicAddress;
    this.publicAddress = before.replace(/\d+$/, (last) => String(Number(last) + 1));
    await this.router.shell(`
      ip addr add ${this.publicAddress}/32 dev wan
      ip addr del ${before}/32 dev wan`);
    await this.internet.host.shell(`
      ip route del ${before}/32
      ip route add ${this.publicAddress}/32 dev ${this.internet.device}`);
  }
}

/** A host behind NAT, where a browser runs. */
export class Home {
  constructor(
    readonly host: Host,
    readonly wifi: Uplink,
    readonly mobile: Uplink | undefined,
  ) {}

  /** Leaves the house: the other network takes over. */
  async leavesWifi(): Promise<void> {
    if (!this.mobile) throw new Error('there is no other network here');
    await this.wifi.isLeft(this.host);
    await this.mobile.carries(this.host);
  }

  /** Comes home again: the mobile network is given up. */
  async comesBackToWifi(): Promise<void> {
    await this.mobile?.isLeft(this.host);
    await this.wifi.carries(this.host);
  }

  async remove(): Promise<void> {
    for (const uplink of [this.wifi, this.mobile]) {
      if (!uplink) continue;
      await uplink.link.remove();
      await uplink.router.remove();
    }
    await this.host.remove();
  }
}

/**
 * The internet with a server on it - the host this process runs on, at {@link SERVER} - and homes around it:
 *
 *   browser ─ veth ─ router with NAT ─ emulated link ─ internet ─ veth ─ server
 */
export class Net {
  private readonly homes = new Map<string, Home>();
  private networks = 0;

  private constructor(private readonly internet: Host) {}

  static async of(living: Record<string, Living>): Promise<Net> {
    const internet = await Host.create('internet');
    await internet.shell(`
      echo 1 > /proc/sys/net/ipv4/ip_forward
      ip link add server type veth peer name internet netns ${process.pid}
      ip addr add ${INTERNET}/24 dev server
      ip link set server up`);
    await Host.here.shell(`
      ip addr add ${SERVER}/24 dev internet
      ip link set internet up
      ip route replace default via ${INTERNET}`);
    const net = new Net(internet);
    for (const [name, home] of Object.entries(living)) net.homes.set(name, await net.settle(name, home));
    return net;
  }

  home(name: string): Home {
    const home = this.homes.get(name);
    if (!home) throw new Error(`nobody called ${name} lives here`);
    return home;
  }

  async remove(): Promise<void> {
    for (const home of this.homes.values()) await home.remove();
    // A namespace dies some time after its name; the server's interface is to be gone now, for the next net.
    await Host.here.shell('ip link del internet');
    await this.internet.remove();
  }

  private async settle(name: string, living: Living): Promise<Home> {
    const host = await Host.create(name);
    const wifi = await this.connect(host, name, 'wifi', living.wifi);
    const mobile = living.mobile && (await this.connect(host, name, 'mobile', living.mobile));
    await wifi.carries(host);
    return new Home(host, wifi, mobile);
  }

  private async connect(home: Host, name: string, device: string, access: Access): Promise<Uplink> {
    const number = ++this.networks;
    const far = `net${number}`;
    const [publicAddress, lan] = [`198.51.100.${number * 10}`, `192.168.${number}`];
    const router = await Host.create(`${name}-${device}`);
    const there: End = { host: this.internet, device: far };
    const link = await Link.between({ host: router, device: 'wan' }, there, number);
    await router.shell(`
      echo 1 > /proc/sys/net/ipv4/ip_forward
      echo 0 > /proc/sys/net/netfilter/nf_conntrack_tcp_loose
      ip link add lan type veth peer name ${device} netns ${home.name}
      ip addr add ${lan}.1/24 dev lan
      ip link set lan up
      ip addr add ${publicAddress}/32 dev wan
      ip link set wan up
      ip route add default dev wan
      ${natRules(access)}`);
    await this.internet.shell(`
      ip link set ${far} up
      ip route add ${publicAddress}/32 dev ${far}`);
    await link.becomes(access.link ?? {});
    return new Uplink(device, router, link, there, publicAddress, `${lan}.2`, `${lan}.1`);
  }
}

function natRules(access: Access): string {
  return [
    `iptables -t nat -A POSTROUTING -o wan -j MASQUERADE ${access.nat === 'symmetric' ? '--random-fully' : ''}`,
    // A datagram of the peer's that comes before ours went out must leave no trace: were it let in, to nobody, its
    // connection-tracking entry would hold the port that ours needs, and the mapping would be another one.
    'iptables -P INPUT DROP',
    'iptables -P FORWARD DROP',
    // What belongs to no connection the router saw begin: most drop it without a word, and so both ends go on waiting.
    'iptables -A FORWARD -m conntrack --ctstate INVALID -j DROP',
    ...(access.udp === 'blocked' ? ['iptables -A FORWARD -i lan -p udp -j DROP'] : []),
    'iptables -A FORWARD -i lan -o wan -j ACCEPT',
    'iptables -A FORWARD -i wan -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT',
  ].join('\n');
}
