import { act, fireEvent, render, screen, waitFor } from "@testing-library/react-native";
import { SafeAreaProvider } from "react-native-safe-area-context";
import { restoreSession } from "./session";
import { SignInScreen } from "./SignInScreen";

/** Answers of the server by path; a path it does not know is not found. */
function serve(answers: Record<string, { status: number; body: object }>): { asked: string[] } {
  const asked: string[] = [];
  globalThis.fetch = async (url) => {
    const path = String(url).replace("http://kith.example", "");
    asked.push(path);
    const { status, body } = answers[path] ?? { status: 404, body: {} };
    return new Response(JSON.stringify(body), { status });
  };
  return { asked };
}

const shown = (inviteCode: string | null = null): void => {
  const insets = { top: 47, bottom: 34, left: 0, right: 0 };
  render(
    <SafeAreaProvider initialMetrics={{ insets, frame: { x: 0, y: 0, width: 390, height: 844 } }}>
      <SignInScreen because={null} invitation={null} inviteCode={inviteCode} />
    </SafeAreaProvider>,
  );
};

beforeEach(async () => {
  await restoreSession("http://kith.example", null);
});

test("a wrong password is told in the server's words", async () => {
  serve({ "/api/auth/login": { status: 401, body: { detail: "Username or password is wrong." } } });
  shown();
  fireEvent.changeText(screen.getByTestId("sign-in-username"), "alice");
  fireEvent.changeText(screen.getByTestId("sign-in-password"), "guess");
  fireEvent.press(screen.getByTestId("sign-in-submit"));
  expect(await screen.findByText("Username or password is wrong.")).toBeTruthy();
});

test("an empty form asks the server nothing", async () => {
  const { asked } = serve({});
  shown();
  fireEvent.press(screen.getByTestId("sign-in-submit"));
  expect(await screen.findByText("Enter your username and your password.")).toBeTruthy();
  expect(asked).not.toContain("/api/auth/login");
});

test("what is wrong with a field is told beside it", async () => {
  const errors = [{ field: "username", message: "This name is taken." }];
  serve({ "/api/auth/register": { status: 400, body: { detail: "No.", errors } } });
  shown();
  fireEvent.press(screen.getByTestId("go-to-sign-up"));
  fireEvent.changeText(screen.getByTestId("sign-up-username"), "alice");
  fireEvent.changeText(screen.getByTestId("sign-up-password"), "a good long one");
  fireEvent.press(screen.getByTestId("sign-up-submit"));
  expect(await screen.findByTestId("sign-up-username-error")).toHaveTextContent("This name is taken.");
});

test("a server for the invited asks for the invite, and knows the one of the link", async () => {
  serve({ "/api/config": { status: 200, body: { registration: "invite" } } });
  shown();
  fireEvent.press(screen.getByTestId("go-to-sign-up"));
  expect(await screen.findByTestId("sign-up-invite")).toBeTruthy();
  screen.unmount();
  shown("7kQm2xVbT9");
  // The server's answer, come in, changes nothing.
  await act(async () => undefined);
  expect(screen.getByTestId("sign-up-username")).toBeTruthy();
  expect(screen.queryByTestId("sign-up-invite")).toBeNull();
});

test("a closed server offers no account", async () => {
  serve({ "/api/config": { status: 200, body: { registration: "closed" } } });
  shown();
  await waitFor(() => expect(screen.queryByTestId("go-to-sign-up")).toBeNull());
  expect(screen.getByTestId("sign-in-submit")).toBeTruthy();
});
