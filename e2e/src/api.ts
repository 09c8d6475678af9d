/** What the REST interface answers, as far as the tests look at it. */
export interface Session {
  token: string;
  refreshToken: string;
  user: { id: string; username: string; displayName: string };
}

export interface CallRecord {
  callId: string;
  reason: string;
  direction: 'outgoing' | 'incoming';
  durationMs: number | null;
  peer: { username: string };
}

/** The REST interface, as one person or nobody uses it. */
export class Api {
  constructor(
    private readonly url: string,
    private readonly token?: string,
  ) {}

  as(session: Session): Api {
    return new Api(this.url, session.token);
  }

  register(username: string, displayName: string): Promise<Session> {
    return this.request('POST', '/api/auth/register', {
      username,
      password: `the long passphrase of ${username}`,
      displayName,
    });
  }

  /** Another session of the account that `register` made. */
  login(username: string): Promise<Session> {
    return this.request('POST', '/api/auth/login', {
      username,
      password: `the long passphrase of ${username}`,
    });
  }

  async createCircle(name: string): Promise<string> {
    return (await this.request<{ id: string }>('POST', '/api/circles', { name })).id;
  }

  async invite(circleId: string): Promise<string> {
    return (await this.request<{ code: string }>('POST', `/api/circles/${circleId}/invites`, {})).code;
  }

  async accept(code: string): Promise<void> {
    await this.request('POST', `/api/invites/${code}/accept`, {});
  }

  /** When others may learn this one's addresses. */
  async relay(): Promise<string> {
    return (await this.request<{ relay: string }>('GET', '/api/me')).relay;
  }

  iceServers(): Promise<{ iceServers: RTCIceServer[] }> {
    return this.request('GET', '/api/ice-servers');
  }

  async calls(): Promise<CallRecord[]> {
    return (await this.request<{ calls: CallRecord[] }>('GET', '/api/calls')).calls;
  }

  private async request<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(this.token ? { authorization: `Bearer ${this.token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text ? JSON.parse(text) : undefined) as T;
  }
}
