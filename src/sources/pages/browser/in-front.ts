/**
 * A page that opened this one could have a person double-click and bring this window under the second click. So the buttons that change
 * something work only when the window has been in front for this long.
 */
const IN_FRONT_MS = 800;

/**
 * Enables a button only after a while in front.
 *
 * @param isReady whether the button has something to do
 * @returns what to call after that has changed, or after the button was shown
 */
export function onlyInFront(button: HTMLButtonElement, isReady: () => boolean): () => void {
  let timer = 0;
  const again = (): void => {
    clearTimeout(timer);
    button.disabled = true;
    if (!isReady() || document.visibilityState !== 'visible') return;
    timer = setTimeout(() => void (button.disabled = !isReady()), IN_FRONT_MS);
  };
  window.addEventListener('focus', again);
  document.addEventListener('visibilitychange', again);
  return again;
}
