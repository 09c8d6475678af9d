import { useEffect, useState, type ReactElement } from "react";
import { Pressable, StyleSheet, View } from "react-native";
import { chooseDevice, preferences } from "../settings/preferences";
import { Icon } from "../ui/Icon";
import { STAGE } from "../ui/palette";
import { StagePanel } from "../ui/StagePanel";
import { useStore } from "../ui/store";
import { Type } from "../ui/Type";
import { listDevices, onDevicesChanged, type Device, type DeviceKind, type Devices } from "./devices";

const KINDS: readonly (readonly [DeviceKind, string])[] = [
  ["microphone", "Microphone"],
  ["camera", "Camera"],
  ["speaker", "Speaker"],
];

interface DevicesPanelProps {
  readonly onChosen: (kind: DeviceKind) => void;
  readonly onClose: () => void;
}

/** Which microphone, camera and speaker are used, for this call and the next ones. */
export function DevicesPanel({ onChosen, onClose }: DevicesPanelProps): ReactElement {
  const devices = useDevices();
  const chosen = useStore(preferences).devices;
  const choose = (kind: DeviceKind, id: string | null): void => {
    void chooseDevice(kind, id);
    onChosen(kind);
  };
  return (
    <StagePanel title="Devices" onClose={onClose} testID="devices" closeID="devices-close">
      {KINDS.filter(([kind]) => (devices?.[kind] ?? []).length > 0).map(([kind, title]) => (
        <Choice
          key={kind}
          kind={kind}
          title={title}
          devices={devices?.[kind] ?? []}
          chosen={chosen[kind]}
          onChoose={(id) => choose(kind, id)}
        />
      ))}
    </StagePanel>
  );
}

interface ChoiceProps {
  readonly kind: DeviceKind;
  readonly title: string;
  readonly devices: readonly Device[];
  readonly chosen: string | null;
  readonly onChoose: (id: string | null) => void;
}

/** One that was chosen and is not there leaves it to the system, and is used again when it comes back. */
function Choice({ kind, title, devices, chosen, onChoose }: ChoiceProps): ReactElement {
  const used = devices.some(({ id }) => id === chosen) ? chosen : null;
  const options = [{ id: null, name: "System default" }, ...devices];
  return (
    <View role="radiogroup" aria-label={title}>
      <Type kind="label" color={STAGE.muted}>
        {title}
      </Type>
      {options.map(({ id, name }, at) => (
        <Pressable
          key={id}
          role="radio"
          aria-checked={id === used}
          aria-label={name}
          testID={`${kind}-${at}`}
          onPress={() => onChoose(id)}
          style={styles.option}
        >
          <Type kind="small" color={STAGE.text} style={styles.name}>
            {name}
          </Type>
          {id === used && <Icon name="check" size={18} color={STAGE.good} />}
        </Pressable>
      ))}
    </View>
  );
}

/** The devices there are, as they come and go. */
function useDevices(): Devices | null {
  const [devices, setDevices] = useState<Devices | null>(null);
  useEffect(() => {
    const look = (): void => void listDevices().then(setDevices);
    look();
    return onDevicesChanged(look);
  }, []);
  return devices;
}

const styles = StyleSheet.create({
  option: { flexDirection: "row", alignItems: "center", gap: 12, minHeight: 44 },
  name: { flex: 1, minWidth: 0 },
});
