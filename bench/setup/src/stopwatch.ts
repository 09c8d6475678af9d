/** When things happened on a page, in milliseconds of the machine's clock; null what has not. */
export interface Times {
  calledAt: number | null;
  rangAt: number | null;
  acceptedAt: number | null;
  firstFrameAt: number | null;
  firstAudioAt: number | null;
}

/**
 * Runs in the page before anything else, whoever's page it is. The first frame is told by requestVideoFrameCallback of the
 * page's own video element once it plays a track that came from the other side. The first audio is there once a packet of it
 * has come - by the browser's own account, for a page that draws notices late - and an element that plays it is not muted.
 */
export function installStopwatch(): void {
  const NEVER: Times = { calledAt: null, rangAt: null, acceptedAt: null, firstFrameAt: null, firstAudioAt: null };
  const AUDIO_POLL_MS = 20;
  /** The length of each packet of sound (https://www.rfc-editor.org/rfc/rfc7587#section-4.2). */
  const PACKET_MS = 20;
  let times: Times = { ...NEVER };
  let receivers: RTCRtpReceiver[] = [];
  let audibleAt: number | null = null;
  const elements = new Set<HTMLMediaElement>();
  const clock = (at: number) => performance.timeOrigin + at;

  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      this.addEventListener('track', ({ receiver }) => receivers.push(receiver));
    }
  };
  const isRemote = (track: MediaStreamTrack) => receivers.some((receiver) => receiver.track === track);

  const source = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'srcObject')!;
  Object.defineProperty(HTMLMediaElement.prototype, 'srcObject', {
    ...source,
    set(this: HTMLMediaElement, stream: MediaProvider | null) {
      source.set!.call(this, stream);
      if (this instanceof HTMLVideoElement && stream) watch(this);
      if (!elements.has(this)) this.addEventListener('playing', listen);
      elements.add(this);
    },
  });
  const muted = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'muted')!;
  Object.defineProperty(HTMLMediaElement.prototype, 'muted', {
    ...muted,
    set(this: HTMLMediaElement, silent: boolean) {
      muted.set!.call(this, silent);
      listen();
    },
  });

  function listen(): void {
    if ([...elements].some(sounds)) audibleAt ??= clock(performance.now());
  }

  function sounds({ muted, paused, readyState, isConnected, srcObject }: HTMLMediaElement): boolean {
    const plays = isConnected && !muted && !paused && readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
    return plays && srcObject instanceof MediaStream && srcObject.getAudioTracks().some(isRemote);
  }

  function watch(video: HTMLVideoElement): void {
    video.requestVideoFrameCallback(() => {
      const now = clock(performance.now());
      if (!(video.srcObject instanceof MediaStream)) return;
      if (video.srcObject.getVideoTracks().some(isRemote)) times.firstFrameAt ??= now;
      else watch(video);
    });
  }

  setInterval(() => {
    if (times.firstAudioAt === null && audibleAt !== null) void lookForSound(times, audibleAt);
  }, AUDIO_POLL_MS);

  async function lookForSound(of: Times, since: number): Promise<void> {
    for (const receiver of receivers.filter(({ track }) => track.kind === 'audio')) {
      for (const row of (await receiver.getStats()).values()) {
        if (row.type !== 'inbound-rtp' || !row.packetsReceived) continue;
        const firstPacketAt = row.lastPacketReceivedTimestamp - (row.packetsReceived - 1) * PACKET_MS;
        of.firstAudioAt ??= Math.max(firstPacketAt, since);
      }
    }
  }

  document.addEventListener(
    'click',
    ({ target, timeStamp }) => {
      if (!(target instanceof Element)) return;
      if (target.closest('#call, [data-testid^="call-"]')) times.calledAt ??= clock(timeStamp);
      if (target.closest('#accept, [data-testid="incoming-accept"]')) times.acceptedAt ??= clock(timeStamp);
    },
    { capture: true },
  );
  new MutationObserver(() => {
    if (times.rangAt === null && document.querySelector('#ringing:not([hidden]), [data-testid="incoming-call"]')) {
      times.rangAt = clock(performance.now());
    }
  }).observe(document, { subtree: true, childList: true, attributes: true });

  window.stopwatch = {
    restart() {
      times = { ...NEVER };
      receivers = [];
      audibleAt = null;
    },
    times: () => times,
  };
}

declare global {
  interface Window {
    stopwatch: { restart(): void; times(): Times };
  }
}
