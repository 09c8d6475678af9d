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
 * page's own video element once it plays a track that came from the other side; the first audio by the packet that first
 * reached the audio receiver (getSynchronizationSources).
 */
export function installStopwatch(): void {
  const NEVER: Times = { calledAt: null, rangAt: null, acceptedAt: null, firstFrameAt: null, firstAudioAt: null };
  const AUDIO_POLL_MS = 4;
  let times: Times = { ...NEVER };
  let receivers: RTCRtpReceiver[] = [];
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
    },
  });

  function watch(video: HTMLVideoElement): void {
    video.requestVideoFrameCallback(() => {
      const now = clock(performance.now());
      if (!(video.srcObject instanceof MediaStream)) return;
      if (video.srcObject.getVideoTracks().some(isRemote)) times.firstFrameAt ??= now;
      else watch(video);
    });
  }

  setInterval(() => {
    if (times.firstAudioAt !== null) return;
    for (const receiver of receivers) {
      if (receiver.track.kind === 'audio' && receiver.getSynchronizationSources().length > 0) {
        times.firstAudioAt = clock(performance.now());
        return;
      }
    }
  }, AUDIO_POLL_MS);

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
    },
    times: () => times,
  };
}

declare global {
  interface Window {
    stopwatch: { restart(): void; times(): Times };
  }
}
