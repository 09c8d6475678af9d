import { describe, expect, it } from "vitest";
import { Phone } from "../call/phone.testing";
import { keptIn, keptOf } from "../call/kept";
import { UNKNOWN_QUALITY } from "../quality/callQuality";
import { follow, interruptionsOf, reached, sinceAnswer, warmBefore, type Course, type Milestone } from "./course";
import { sectionsOf, textOf } from "./detailRows";

/** A phone whose call's course is kept; each deed happens at its own second. */
class Watched {
  readonly phone = new Phone();
  course: Course | null = null;
  private now = 0;

  at(seconds: number, does: (phone: Phone) => unknown = () => undefined): this {
    this.now = seconds * 1000;
    this.phone.now = this.now;
    does(this.phone);
    this.course = follow(this.course, this.phone.state, this.now);
    return this;
  }

  marks(): [Milestone, number][] {
    return (this.course?.marks ?? []).map(({ what, at }) => [what, at / 1000]);
  }
}

function inCall(): Watched {
  return new Watched()
    .at(1, (alice) => alice.calls("bob"))
    .at(2, (alice) => alice.serverTakes().hears("call-ringing"))
    .at(3, (alice) => alice.linkComesUp())
    .at(7, (alice) => alice.hears("call-answer"));
}

describe("the course of a call", () => {
  it("is told from the offer to the end, each thing once", () => {
    const call = inCall()
      .at(8)
      .at(20, (alice) => alice.linkBreaks())
      .at(21)
      .at(24, (alice) => alice.linkComesUp())
      .at(30, (alice) => alice.happens({ type: "media", sending: { paused: true } }))
      .at(40, (alice) => alice.happens({ type: "media", sending: { paused: false } }))
      .at(50, (alice) => alice.happens({ type: "hang-up" }))
      .at(51, (alice) => alice.happens({ type: "dismiss" }));
    expect(call.marks()).toEqual([
      ["offered", 1],
      ["ringing", 2],
      ["warm", 3],
      ["answered", 7],
      ["connected", 7],
      ["reconnecting", 20],
      ["reconnected", 24],
      ["video-paused", 30],
      ["video-back", 40],
      ["ended", 50],
    ]);
    expect(interruptionsOf(call.course as Course, 60_000)).toEqual({ interruptions: 1, interruptedMs: 4000 });
    expect(warmBefore(call.course as Course)).toBe(4000);
  });

  it("takes the first picture and sound from the answer on, once", () => {
    const call = inCall();
    const seen = reached(reached(call.course, "first-picture", 7110), "first-picture", 9000) as Course;
    expect(sinceAnswer(seen, "first-picture")).toBe(110);
    expect(sinceAnswer(seen, "first-sound")).toBeNull();
    expect(reached(new Watched().at(1, (alice) => alice.calls("bob")).course, "first-sound", 2)?.marks).toHaveLength(1);
  });

  it("counts an interruption that goes on", () => {
    const call = inCall().at(20, (alice) => alice.linkBreaks());
    expect(interruptionsOf(call.course as Course, 25_000)).toEqual({ interruptions: 1, interruptedMs: 5000 });
  });

  it("begins anew with the next call", () => {
    const call = inCall().at(50, (alice) => alice.happens({ type: "hang-up" }));
    call.at(60, (bob) => bob.hears("call-offer", {}, "c2"));
    expect(call.course).toMatchObject({ callId: "c2", role: "callee" });
    expect(call.marks()).toEqual([
      ["offered", 60],
      ["ringing", 60],
    ]);
  });

  it("goes on as that of the other call where two crossed", () => {
    const crossed = new Watched()
      .at(1, (alice) => alice.calls("bob"))
      .at(2, (alice) => alice.serverTakes().hears("call-offer", { replaces: "c1" }, "c0"));
    expect(crossed.course).toMatchObject({ callId: "c0" });
    expect(
      crossed
        .marks()
        .slice(0, 2)
        .map(([what]) => what),
    ).toEqual(["offered", "answered"]);
    expect(reached(crossed.course, "first-picture", 3_000)).not.toBe(crossed.course);
  });

  it("of a page that was loaded anew begins in the middle of the call", () => {
    const call = inCall().at(20, (alice) => alice.linkBreaks());
    const [kept] = keptIn(keptOf([call.phone.state], true, 20_000, "alice"), 21_000)?.calls ?? [];
    const anew = new Watched().at(22, (alice) => kept !== undefined && alice.happens({ type: "restored", call: kept }));
    // What was before is known to the page that was.
    expect(anew.marks()).toEqual([
      ["connected", 7],
      ["reconnecting", 22],
    ]);
    expect(reached(anew.course, "first-picture", 23_000)).toBe(anew.course);
    expect(warmBefore(anew.course as Course)).toBeNull();
  });

  it("does not fill the memory", () => {
    const call = inCall();
    for (let second = 10; second < 2000; second += 2) {
      call.at(second, (alice) => alice.linkBreaks()).at(second + 1, (alice) => alice.linkComesUp());
    }
    call.at(3000, (alice) => alice.happens({ type: "hang-up" }));
    expect(call.marks().length).toBeLessThanOrEqual(201);
    expect(call.marks().at(-1)).toEqual(["ended", 3000]);
  });

  it("reads as text", () => {
    expect(textOf(sectionsOf(inCall().course, UNKNOWN_QUALITY, 8000))).toBe(
      [
        "Timeline (caller)",
        "  Offered: +0 ms",
        "  Ringing: +1000 ms",
        "  Connection warm: +2000 ms",
        "  Answered: +6000 ms",
        "  Connected: +6000 ms",
      ].join("\n"),
    );
  });
});
