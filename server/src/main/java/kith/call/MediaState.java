package kith.call;

/**
 * What one side sends now.
 *
 * @param paused there would be a picture, but that side's network is too poor for it
 */
public record MediaState(boolean audio, boolean video, boolean screen, boolean paused) {

  public MediaState(boolean audio, boolean video, boolean screen) {
    this(audio, video, screen, false);
  }
}
