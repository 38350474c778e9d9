/** To the first field of the form with something to mend, which may be out of sight. */
export function focusFirstProblem(): void {
  // What is missing is shown by the next rendering.
  setTimeout(() => {
    const field = document.querySelector('.form .problem')?.closest('.field, .declared');
    field?.querySelector<HTMLElement>('input, select, textarea')?.focus();
  }, 50);
}
