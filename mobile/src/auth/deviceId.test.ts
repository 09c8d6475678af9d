import { beforeEach, describe, expect, it } from "vitest";
import { readKept, writeKept } from "../settings/storage";
import { OwnDevice } from "./deviceId";

const MINE = async (): Promise<"mine"> => "mine";

beforeEach(() => writeKept("tab", "device-id", null));

describe("a device", () => {
  it("is the same after a reload", async () => {
    const before = await OwnDevice.find(MINE);
    const after = await OwnDevice.find(MINE);
    expect(after).toMatchObject({ id: before.id, claim: "mine" });
  });

  it("is another one in the copy of a tab whose page is still there", async () => {
    const original = await OwnDevice.find(MINE);
    const copy = await OwnDevice.find(async (name) => (name === `device.${original.id}` ? "taken" : "mine"));
    expect(copy.id).not.toBe(original.id);
    expect(copy.claim).toBe("taken");
    expect(await readKept("tab", "device-id")).toBe(copy.id);
  });

  it("is named to the other pages of the browser, whichever it is", async () => {
    const claimed: string[] = [];
    const device = await OwnDevice.find(async (name) => {
      claimed.push(name);
      return "mine";
    });
    await device.displaced(false, 0);
    expect(claimed).toHaveLength(2);
    expect(claimed[1]).toBe(`device.${device.id}`);
  });

  it("that is displaced in a call comes back once, and lets go should that happen again at once", async () => {
    const device = await OwnDevice.find(MINE);
    const { id } = device;
    await device.displaced(true, 1_000);
    expect(device.id).toBe(id);
    await device.displaced(true, 4_000);
    expect(device.id).not.toBe(id);
  });
});
