import { act, render, screen } from "@testing-library/react-native";
import { OwnConnection } from "./OwnConnection";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const pass = (ms: number): void => act(() => void jest.advanceTimersByTime(ms));
const shown = (): boolean => screen.queryByTestId("own-reconnecting") !== null;

test("a connection that is gone for a while is told of, until it is back", () => {
  render(<OwnConnection online={false} />);
  expect(shown()).toBe(false);
  pass(2_000);
  expect(shown()).toBe(true);
  screen.rerender(<OwnConnection online />);
  expect(shown()).toBe(false);
});

test("one that is back at once is not", () => {
  render(<OwnConnection online={false} />);
  pass(1_999);
  screen.rerender(<OwnConnection online />);
  pass(10_000);
  screen.rerender(<OwnConnection online={false} />);
  pass(1_999);
  expect(shown()).toBe(false);
});
