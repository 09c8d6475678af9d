import { useId, useState, type ReactElement } from "react";
import { StyleSheet, TextInput, View, type TextInputProps } from "react-native";
import { useTheme } from "./theme";
import { Type, typeFamily } from "./Type";

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly testID: string;
  readonly error?: string | null | undefined;
  readonly hint?: string;
  readonly secret?: boolean;
  readonly autoComplete?: TextInputProps["autoComplete"];
  readonly autoFocus?: boolean;
  readonly plain?: boolean;
  readonly maxLength?: number;
  readonly onSubmit?: () => void;
}

/** A labelled line to write in, with what is wrong with it beneath. */
export function Field(props: FieldProps): ReactElement {
  const { label, value, onChange, testID, error = null, hint, secret = false, plain = false } = props;
  const { colors, dark } = useTheme();
  const [focused, setFocused] = useState(false);
  const id = useId();
  return (
    <View style={styles.field}>
      <Type kind="label">{label}</Type>
      <TextInput
        testID={testID}
        nativeID={id}
        aria-label={error === null ? label : `${label}. ${error}`}
        {...({ "aria-invalid": error !== null } as object)}
        value={value}
        onChangeText={onChange}
        secureTextEntry={secret}
        autoComplete={props.autoComplete ?? "off"}
        autoFocus={props.autoFocus ?? false}
        autoCapitalize={plain || secret ? "none" : "sentences"}
        autoCorrect={!plain && !secret}
        spellCheck={!plain && !secret}
        maxLength={props.maxLength ?? 200}
        onSubmitEditing={props.onSubmit}
        onFocus={() => setFocused(true)}
        onBlur={() => setFocused(false)}
        style={[
          styles.input,
          typeFamily,
          {
            color: colors.text,
            backgroundColor: dark ? colors.background : colors.surface,
            borderWidth: focused ? 2 : 1,
            paddingHorizontal: focused ? 13 : 14,
            borderColor: error !== null ? colors.danger : focused ? colors.link : colors.edge,
          },
        ]}
      />
      {error !== null ? (
        <Type kind="small" color={colors.dangerText} testID={`${testID}-error`}>
          {error}
        </Type>
      ) : (
        hint !== undefined && (
          <Type kind="small" muted>
            {hint}
          </Type>
        )
      )}
    </View>
  );
}

const styles = StyleSheet.create({
  field: { gap: 6 },
  input: {
    minHeight: 48,
    borderRadius: 12,
    fontSize: 16,
  },
});
