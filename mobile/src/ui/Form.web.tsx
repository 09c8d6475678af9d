import type { CSSProperties, ReactElement, ReactNode } from "react";

/** A form, so that password managers know one when they see it. Its fields and its button submit by themselves. */
export function Form({ gap, children }: { gap: number; children: ReactNode }): ReactElement {
  const style: CSSProperties = { display: "flex", flexDirection: "column", gap };
  return (
    <form style={style} onSubmit={(event) => event.preventDefault()}>
      {children}
    </form>
  );
}
