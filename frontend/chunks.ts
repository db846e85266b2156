/** Returns a test of module ids by their path from `directory`: what the directories above a checkout
 *  are called must not decide which file a module goes into. */
export const matches = (directory: string, pattern: RegExp) => (id: string) =>
  pattern.test(id.replace(directory, ''))
