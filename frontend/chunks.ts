/** Returns a test of module ids by their path from `directory`: what the directories above a checkout
 *  are called must not decide which file a module goes into. */
export const matches = (directory: string, pattern: RegExp) => (id: string) =>
  pattern.test(id.replace(directory, ''))

/** What the bundler tells of its modules. */
interface Modules {
  getModuleInfo(id: string): { importedIds: readonly string[] } | null
}

/** Returns a function that names the file `name` for what a browser must have before the module `entry`
 *  runs, and none for other modules: what is imported by `import()` alone is loaded later. */
export function neededBy(entry: string, name: string) {
  const needed = new Set<string>()
  return (id: string, modules: Modules): string | null => {
    if (!needed.size) {
      needed.add(entry)
      // A set yields what is added during the loop, too.
      for (const one of needed)
        modules.getModuleInfo(one)?.importedIds.forEach((next) => needed.add(next))
    }
    return needed.has(id) ? name : null
  }
}
