/** Preferences live in cookies, so that Django renders a page in the right theme and language at
 *  once. Nothing secret is ever written here. */
export const cookie = (name: string): string =>
  document.cookie
    .split('; ')
    .find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1) ?? ''

export function setCookie(name: string, value: string, days = 365): void {
  const secure = location.protocol === 'https:' ? '; Secure' : ''
  document.cookie = `${name}=${value}; Path=/; Max-Age=${days * 86_400}; SameSite=Lax${secure}`
}
